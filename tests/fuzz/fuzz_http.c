/* HTTP: any split of an answer gives the same outcome, with a sink and
   without; steps are bounded; nothing is read or written beyond the buffer. */
#include "fuzz.h"

static li_rc take(void *user, li_str piece_of_body)
{
    fold((uint64_t *)user, piece_of_body.ptr, piece_of_body.len);
    return LI_OK;
}

static void see(void *user, li_str name, li_str value)
{
    fold((uint64_t *)user, name.ptr, name.len);
    fold((uint64_t *)user, value.ptr, value.len);
}

static li_rc answer(li_str bytes, uint32_t seed, int sink, size_t cap,
                    uint64_t *hash)
{
    static const char *const methods[] = {"GET", "HEAD", "POST", "DELETE"};
    char *buf = (char *)malloc(cap);
    uint64_t body = 7;
    li_client client = {0};
    li_req req = {0};
    size_t at = 0, steps = 0;
    li_call call;
    li_rc rc;
    client.access_token = "t";
    req.path = "/";
    req.method = methods[bytes.len & 3];
    req.sink = sink ? take : NULL;
    req.on_header = sink ? NULL : see;
    req.user = sink ? &body : hash;
    li_begin(&call, &client, &req, buf, cap);
    while ((rc = li_step(&call)) > 0) {
        CLAIM(++steps <= 2 * bytes.len + 20);
        if (rc == LI_WANT_OPEN) {
            li_opened(&call, 0);
        } else if (rc == LI_WANT_WRITE) {
            li_out_ack(&call, li_out_buf(&call).len);
        } else {
            size_t room, n = seed ? piece(&seed, bytes.len - at)
                                  : bytes.len - at;
            char *in = li_in_buf(&call, &room);
            CLAIM(room > 0 && in >= buf && in + room <= buf + cap);
            n = n < room ? n : room;
            if (at == bytes.len) {
                li_in_eof(&call);
                continue;
            }
            memcpy(in, bytes.ptr + at, n);
            li_in_ack(&call, n);
            at += n;
        }
    }
    CLAIM(li_step(&call) == rc && rc <= 0);
    fold_int(hash, call.status);
    if (!sink)
        take(&body, call.body);
    if (!rc) {
        fold(hash, &body, sizeof body);
    }
    free(buf);
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t whole = 1, pieces = 1, sunk = 1;
    uint32_t seed;
    li_str bytes;
    char *copy;
    li_rc rc, other;
    size_t cap;
    if (size < 4)
        return 0;
    seed = 1 | (uint32_t)data[0] | (uint32_t)data[1] << 8;
    cap = 160 + size * 2;
    copy = (char *)malloc(size - 4 + !(size - 4));
    memcpy(copy, data + 4, size - 4);
    bytes = li__str(copy, size - 4);
    rc = answer(bytes, 0, 0, cap, &whole);
    other = answer(bytes, seed, 0, cap, &pieces);
    CLAIM(rc == other || rc == LI_E_SPACE || other == LI_E_SPACE);
    if (!rc && !other)
        CLAIM(pieces == whole);
    other = answer(bytes, seed ^ 5, 1, cap, &sunk);
    CLAIM(rc == other || rc == LI_E_SPACE || other == LI_E_SPACE);
    answer(bytes, seed, 0, 160 + data[2], &sunk); /* a small buffer */
    free(copy);
    return 0;
}
