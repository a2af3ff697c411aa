/* Posts: write, read, list, edit, delete. Scopes: w_member_social; for a page
   w_organization_social and r_organization_social.
   cc -I. examples/posts.c -lcurl -o posts; ./posts urn:li:person:{your id} */
#include "example.h"

/* {"commentary": … , "author": … , …}: the commentary is Little Text. */
static li_str post_of(const char *author, li_str words)
{
    static char json[4096], text[2048];
    li_buf out = LI_BUF(json), little = LI_BUF(text);
    li_little_put(&little, words); /* appears as it is, "(" and "#" too */
    li_little_put(&little, LI_STR(" "));
    li_hashtag_put(&little, LI_STR("c99"));
    li_put(&little, LI_STR(" "));
    li_mention_put(&little, LI_STR("Acme"), LI_STR("urn:li:organization:1"));
    li_value values[] = {{li_cstr(author), 0}, {LI_VIEW(text, little.len), 0}};
    if (little.rc) return li_cstr(NULL); /* never a part of it */
    li_json_fill(&out, "{\"author\":?,\"commentary\":?,"
        "\"visibility\":\"PUBLIC\",\"lifecycleState\":\"PUBLISHED\","
        "\"distribution\":{\"feedDistribution\":\"MAIN_FEED\"}}", values, 2);
    return LI_VIEW(json, out.rc ? 0 : out.len);
}

int main(int argc, char **argv)
{
    const char *author = argc > 1 ? argv[1] : "urn:li:person:me";
    char keys[256], query[256], patch[512];
    li_buf key = LI_BUF(keys), list = LI_BUF(query), edit = LI_BUF(patch);
    if (!rest(LI_CREATE, "/posts",
              (li_rest){.body = post_of(author, LI_STR("Hello (world) #1"))}))
        return 1;
    li_json_fill(&key, "{\"urn\":?}", /* the new post's: the key */
                 &(li_value){li_header(&call, LI_H_RESTLI_ID), 0}, 1);
    li_json_fill(&list, "{\"sortBy\":\"LAST_MODIFIED\",\"author\":?}",
                 &(li_value){li_cstr(author), 0}, 1);
    li_patch_put(&edit, LI_STR("{}"), LI_STR("{\"commentary\":\"Edited\"}"));
    return !(rest(LI_GET, "/posts/{urn}",
                  (li_rest){.keys = LI_VIEW(keys, key.len)}) &&
             rest(LI_FINDER, "/posts",
                  (li_rest){.name = "author",
                            .query = LI_VIEW(query, list.len)}) &&
             rest(LI_PARTIAL_UPDATE, "/posts/{urn}",
                  (li_rest){.keys = LI_VIEW(keys, key.len),
                            .body = LI_VIEW(patch, edit.len)}) &&
             rest(LI_DELETE, "/posts/{urn}",
                  (li_rest){.keys = LI_VIEW(keys, key.len)}));
}
