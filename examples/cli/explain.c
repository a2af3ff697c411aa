/* explain.c - the command "explain": what a saved answer means. */
#include "cli.h"

/* "HTTP/1.1 403 …" and its headers, as curl -i writes it: the bytes come as they
   would from a connection. 0: it is an answer. */
static int feed_answer(li_str answer)
{
    size_t room;
    char *to;
    li_step(&call);
    li_opened(&call, 0);
    li_step(&call);
    li_out_ack(&call, li_out_buf(&call).len);
    while (answer.len && li_step(&call) == LI_WANT_READ &&
           (to = li_in_buf(&call, &room)) != NULL) {
        room = room < answer.len ? room : answer.len;
        memcpy(to, answer.ptr, room);
        li_in_ack(&call, room);
        answer = LI_VIEW(answer.ptr + room, answer.len - room);
    }
    if (li_step(&call) == LI_WANT_READ)
        li_in_eof(&call);
    return call.rc != LI_OK;
}

/* A body alone tells its status itself. */
static int feed_body(li_str body)
{
    int64_t status = 0;
    li_str raw;
    if (!li_json_find(body, "/status", &raw))
        li_json_int(raw, &status);
    li_feed_status(&call, status >= 100 && status < 600 ? (int)status : 400);
    li_feed_header(&call, LI_STR("Content-Type"), LI_STR("application/json"));
    li_feed_body(&call, body);
    return li_feed_end(&call) < 0;
}

/* Gives a saved answer to a call that is never sent. */
static int feed(li_str answer)
{
    static const li_req req = {.path = "/rest/saved"};
    static char buf[1 << 20];
    me.again = NULL;
    me.access_token = "saved";
    me.token = NULL;
    li_begin(&call, &me, &req, buf, sizeof buf);
    return answer.len > 5 && !memcmp(answer.ptr, "HTTP/", 5)
               ? feed_answer(answer) : feed_body(answer);
}

int cmd_explain(int count, char **arguments)
{
    char text[4096], *hint;
    li_buf out = LI_BUF(text);
    li_str answer;
    int code = read_whole(arguments[0], &answer);
    (void)count;
    if (code)
        return code;
    if (feed(answer))
        return complain(CLI_FILE, arguments[0], "is no answer of LinkedIn's");
    if (!li_check(&call))
        return puts("a success: there is nothing to explain") < 0;
    li_explain(&call, LI_OK, &out);
    hint = strchr(text, '\n'); /* the request was none: its line is left out */
    return puts(hint ? hint + 1 : text) < 0;
}
