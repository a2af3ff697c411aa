/* Makes the Rest.li calls of a file, a JSON object a line, against a server
   that records them: for differential.mjs.

   usage: rest_client BASE_URL FILE */
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_platform.h"
#include "adapters/linkedin_socket.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const methods[] = {
    "get", "batch_get", "get_all", "finder", "batch_finder", "create",
    "batch_create", "update", "batch_update", "partial_update",
    "batch_partial_update", "delete", "batch_delete", "action"};

static li_str part(li_str line, const char *pointer)
{
    li_str raw;
    return li_json_find(line, pointer, &raw) ? li_cstr("") : raw;
}

/* A text of the line as a C string, or NULL; n: which of the memories. */
static const char *text(li_str line, const char *pointer, unsigned n)
{
    static char memory[4][4096];
    li_buf out = li_buf_of(memory[n], sizeof memory[n]);
    return li_json_copy(line, pointer, &out) ? NULL : memory[n];
}

static li_rc make(li_str line, li_client *me, li_transport *stream)
{
    static char mem[1 << 18], buf[1 << 18];
    li_buf out = LI_BUF(mem);
    const char *method = text(line, "/method", 0);
    li_rest rest;
    li_call call;
    li_req req;
    unsigned i = 0;
    memset(&rest, 0, sizeof rest);
    while (i < 13 && method && strcmp(method, methods[i]))
        i++;
    rest.method = (li_method)i;
    rest.path = text(line, "/path", 1);
    rest.name = text(line, "/name", 2);
    me->version = text(line, "/version", 3);
    rest.keys = part(line, "/keys");
    rest.ids = part(line, "/ids");
    rest.query = part(line, "/query");
    rest.body = part(line, "/body");
    li_rest_req(&req, me, &rest, &out);
    li_begin(&call, me, &req, buf, sizeof buf);
    return li_run(&call, stream);
}

int main(int argc, char **argv)
{
    static char line[1 << 17];
    static li_socket net;
    li_transport stream = li_socket_transport(&net);
    li_client me = {.access_token = "TOKEN"};
    FILE *file = argc == 3 ? fopen(argv[2], "r") : NULL;
    unsigned long n = 0;
    if (!file)
        return puts("usage: rest_client BASE_URL FILE"), 2;
    me.api_base = argv[1];
    while (fgets(line, sizeof line, file)) {
        li_rc rc = make(li_cstr(line), &me, &stream);
        n++;
        if (rc)
            return printf("call %lu: %s\n%s", n, li_strerror(rc), line), 1;
    }
    fclose(file);
    li_hangup(&stream);
    return 0;
}
