/* What stands around a snippet of the README: the variables that it uses, a
   client of the mock, and a connection. A snippet comes in by SNIPPET, the
   name of the file that tests/stages/readme.sh made of it. */
#ifndef AROUND_H
#define AROUND_H
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_curl.h"
#include "adapters/linkedin_openssl.h"
#include "adapters/linkedin_platform.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char buf[16384], memory[8192], text[2048];
static li_buf out;
static li_curl curl;
static li_call call;
static li_req req;
static li_rc rc;

static li_client mock_client(void)
{
    li_client me;
    out = LI_BUF(text);
    memset(&me, 0, sizeof me);
    me.access_token = getenv("LINKEDIN_TOKEN");
    me.api_base = me.auth_base = getenv("LINKEDIN_BASE");
    me.version = "202609";
    return me;
}

/* What was wanted, or not: the program's exit code. */
static inline int told(int good)
{
    if (!good) {
        li_buf why = LI_BUF(text);
        li_explain(&call, rc, &why);
        fprintf(stderr, "%s: %s\n", li_rc_name(rc), text);
    }
    return !good;
}
#endif
