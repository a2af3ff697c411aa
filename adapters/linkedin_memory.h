/* linkedin_memory.h - a transport of linkedin.h that is a script: answers from
   memory, and a record of what was sent. For tests and fuzzing: no network, no
   clock, no allocation. SPDX-License-Identifier: MIT OR Unlicense

       li_str answers[] = { LI_STR("HTTP/1.1 200 OK\r\n"
                                   "Content-Length: 2\r\n\r\n{}") };
       char sent[2048];
       li_memory m = { .answers = answers, .count = 1,
                       .sent = sent, .sent_cap = sizeof sent };
       li_transport t = li_memory_transport(&m);

       li_run(&call, &t);   // then look at m.sent, m.sent_len               */
#ifndef LINKEDIN_MEMORY_H
#define LINKEDIN_MEMORY_H

#ifndef LINKEDIN_H
#include "../linkedin.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Zero is the default of every member. */
typedef struct li_memory {
    /* the script */
    const li_str *answers; /* received in this order. An absent one (ptr is
                              NULL) ends its connection; the next opening goes
                              on behind it, or begins the next answer        */
    size_t count;
    li_rc end;             /* LI_OK: the peer ends in order, at an absent
                              answer and behind the last; or this error      */
    size_t piece;          /* most bytes that a recv or send moves; 0: all   */
    unsigned block_every;  /* before every n-th operation, "would block";
                              0: never                                       */
    /* the record */
    char *sent;            /* all that was sent, one behind the other; NULL:
                              only counted. LI_E_SPACE when it is full       */
    size_t sent_cap, sent_len;
    unsigned opened, closed;     /* how often                                */
    char host[LI_MAX_HOST + 1];  /* of the last opening                      */
    unsigned port;
    int tls;
    /* the time: hours of waiting pass at once */
    uint64_t now_ms;
    struct {
        size_t next, at; /* which answer, and how far into it */
        unsigned operations;
        uint8_t waited;
    } priv;
} li_memory;

/** The transport; m must stay where it is while that is used. */
LINKEDIN_API li_transport li_memory_transport(li_memory *m);

#ifdef __cplusplus
}
#endif
#endif /* LINKEDIN_MEMORY_H */

#ifdef LINKEDIN_IMPLEMENTATION
#ifndef LINKEDIN_MEMORY_IMPLEMENTED
#define LINKEDIN_MEMORY_IMPLEMENTED

#include <limits.h>
#include <string.h>

/* 1: this operation is to say "would block"; the next is let through. */
static int li__memory_blocks(li_memory *m)
{
    if (!m->block_every || m->priv.waited) {
        m->priv.waited = 0;
        return 0;
    }
    m->priv.waited = ++m->priv.operations % m->block_every == 0;
    return m->priv.waited;
}

static size_t li__memory_piece(const li_memory *m, size_t len)
{
    size_t most = m->piece && m->piece < INT_MAX ? m->piece : INT_MAX;
    return len < most ? len : most;
}

static void li__memory_next(li_memory *m)
{
    if (m->priv.next < m->count)
        m->priv.next++;
    m->priv.at = 0;
}

/* 1: the script has no more for this connection. */
static int li__memory_ended(const li_memory *m)
{
    return m->priv.next == m->count || !m->answers[m->priv.next].ptr;
}

static int li__memory_open(void *user, const char *host, unsigned port,
                           int tls)
{
    li_memory *m = (li_memory *)user;
    li_buf name = LI_BUF(m->host);
    if (li__memory_blocks(m))
        return LI_IO_WRITE;
    li_put(&name, li_cstr(host));
    if (li_buf_end(&name))
        return LI_E_LIMIT;
    m->port = port;
    m->tls = tls;
    m->opened++;
    if (m->priv.at)
        li__memory_next(m);
    if (m->opened > 1 && li__memory_ended(m))
        li__memory_next(m);
    return LI_OK;
}

static int li__memory_send(void *user, const char *data, size_t len)
{
    li_memory *m = (li_memory *)user;
    if (li__memory_blocks(m))
        return LI_IO_WRITE;
    len = li__memory_piece(m, len);
    if (m->sent && len > m->sent_cap - m->sent_len)
        return LI_E_SPACE;
    if (m->sent && len)
        memcpy(m->sent + m->sent_len, data, len);
    m->sent_len += len;
    return (int)len;
}

static int li__memory_recv(void *user, char *data, size_t cap)
{
    li_memory *m = (li_memory *)user;
    li_str answer;
    size_t len;
    if (li__memory_blocks(m))
        return LI_IO_READ;
    while (!li__memory_ended(m) && !m->answers[m->priv.next].len)
        li__memory_next(m);
    if (li__memory_ended(m))
        return m->end;
    answer = m->answers[m->priv.next];
    len = li__memory_piece(m, answer.len - m->priv.at);
    if (len > cap)
        len = cap;
    memcpy(data, answer.ptr + m->priv.at, len);
    m->priv.at += len;
    if (m->priv.at == answer.len)
        li__memory_next(m);
    return (int)len;
}

static void li__memory_close(void *user)
{
    ((li_memory *)user)->closed++;
}

static uint64_t li__memory_ms(void *user)
{
    return ((li_memory *)user)->now_ms;
}

static int li__memory_sleep(void *user, uint32_t ms)
{
    ((li_memory *)user)->now_ms += ms;
    return LI_OK;
}

LINKEDIN_API li_transport li_memory_transport(li_memory *m)
{
    li_transport t;
    memset(&t, 0, sizeof t);
    t.open = li__memory_open;
    t.send = li__memory_send;
    t.recv = li__memory_recv;
    t.close = li__memory_close;
    t.ms = li__memory_ms;
    t.sleep = li__memory_sleep;
    t.user = m;
    return t;
}

#endif /* LINKEDIN_MEMORY_IMPLEMENTED */
#endif /* LINKEDIN_IMPLEMENTATION */
