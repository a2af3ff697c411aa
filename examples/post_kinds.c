/* Posts of every kind: article, image, several images, video, document, poll,
   reshare. Upload what they name first: upload.c. Scope: w_member_social; for a
   page w_organization_social. cc -I. examples/post_kinds.c -lcurl -o post_kinds
   ./post_kinds urn:li:person:{your id} */
#include "example.h"

static const struct kind {
    const char *words, *field, *json; /* the commentary; what makes the kind */
} kinds[] = {
    {"An article", "content", "{\"article\":{\"source\":\"https://acme.example\","
     "\"title\":\"News (1)\",\"description\":\"In short\"}}"},
    {"An image", "content", "{\"media\":{\"id\":\"urn:li:image:1\","
     "\"altText\":\"A cat\"}}"},
    {"Two images", "content", "{\"multiImage\":{\"images\":["
     "{\"id\":\"urn:li:image:1\"},{\"id\":\"urn:li:image:2\"}]}}"},
    {"A video", "content", "{\"media\":{\"id\":\"urn:li:video:1\","
     "\"title\":\"Clip\"}}"},
    {"A document", "content", "{\"media\":{\"id\":\"urn:li:document:1\","
     "\"title\":\"Deck.pdf\"}}"},
    {"A poll", "content", "{\"poll\":{\"question\":\"C or C?\",\"options\":["
     "{\"text\":\"C\"},{\"text\":\"C99\"}],\"settings\":{\"duration\":"
     "\"THREE_DAYS\",\"voteSelectionType\":\"SINGLE_VOTE\","
     "\"isVoterVisibleToAuthor\":true}}}"},
    {"Look (again)", "reshareContext", "{\"parent\":\"urn:li:share:1\"}"},
};

int main(int argc, char **argv)
{
    const char *author = argc > 1 ? argv[1] : "urn:li:person:me";
    size_t i;
    for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char json[4096], text[256];
        li_buf out = LI_BUF(json), little = LI_BUF(text);
        if (li_little_put(&little, li_cstr(kinds[i].words))) return 1;
        li_value values[] = {{li_cstr(author), 0},
                             {LI_VIEW(text, little.len), 0},
                             {li_cstr(kinds[i].field), 0},
                             {li_cstr(kinds[i].json), 0}};
        li_json_fill(&out, "{\"author\":?,\"commentary\":?,?:*,"
            "\"visibility\":\"PUBLIC\",\"lifecycleState\":\"PUBLISHED\","
            "\"distribution\":{\"feedDistribution\":\"MAIN_FEED\"}}", values, 4);
        if (!rest(LI_CREATE, "/posts",
                  (li_rest){.body = LI_VIEW(json, out.rc ? 0 : out.len)}))
            return 1;
    }
    return 0;
}
