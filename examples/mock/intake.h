/* intake.h - the bytes of an upload, which may be many more than the mock has
   memory for: they are counted and hashed as they go by. Pictures stay for a
   while, in one ring, so that they can be shown. */
#ifndef MOCK_INTAKE_H
#define MOCK_INTAKE_H

enum { RING = 1 << 20 };

static const uint64_t most_upload = UINT64_C(5) << 30; /* of fileSizeBytes */
static char ring[RING];
static uint64_t ring_at; /* bytes ever reserved: where the next one begins  */

static int is_upload(const exchange *x)
{
    return starts(x->path, "/dms-uploads/");
}

/* Only what was sent as a picture is kept: an image, or a video's thumbnail. */
static int is_picture(const exchange *x)
{
    return starts(x->path, "/dms-uploads/image/") ||
           (is_upload(x) && contains(x->path, "/thumbnail"));
}

/* A picture never wraps: one that would begins at the ring's start instead. */
static void intake_begin(intake *in, int picture, uint64_t len)
{
    memset(in, 0, sizeof *in);
    in->begun = 1;
    in->sum = UINT64_C(0xcbf29ce484222325);
    if (!picture || !len || len > RING)
        return;
    if (ring_at % RING + len > RING)
        ring_at += RING - ring_at % RING;
    in->kept = 1;
    in->from = ring_at;
    ring_at += len;
}

/* 0: later pictures lie, or will lie, where this one did. */
static int intake_is_kept(const intake *in)
{
    return in->kept && ring_at - in->from <= RING;
}

/* The sum is FNV-1a: it need not withstand anybody. */
static void intake_take(intake *in, li_str bytes)
{
    size_t i;

    if (intake_is_kept(in) && bytes.len)
        memcpy(ring + (in->from + in->len) % RING, bytes.ptr, bytes.len);
    for (i = 0; i < bytes.len; i++)
        in->sum = (in->sum ^ (unsigned char)bytes.ptr[i]) *
                  UINT64_C(0x100000001b3);
    in->len += bytes.len;
}

/* A picture's bytes, absent if they were too many or are too long ago. */
static li_str intake_bytes(const intake *in)
{
    return intake_is_kept(in) ? span(ring + in->from % RING, (size_t)in->len)
                              : li_cstr(NULL);
}

#endif /* MOCK_INTAKE_H */
