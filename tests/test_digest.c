/* >>digest: SHA-256 and HMAC-SHA-256. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "test.h"

static void assert_digest(const uint8_t digest[32], const char *hex)
{
    char text[65];
    size_t i;

    for (i = 0; i < 32; ++i)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    assert_string_equal(text, hex);
}

/* Bytes i * 7 + 3, in guarded memory. */
static li_str pattern(int slot, size_t len)
{
    char *p = guard(slot, len);
    li_str s;
    size_t i;

    for (i = 0; i < len; ++i)
        p[i] = (char)(unsigned char)(i * 7 + 3);
    s.ptr = p;
    s.len = len;
    return s;
}

static li_str part(li_str s, size_t from, size_t to)
{
    s.ptr += from;
    s.len = to - from;
    return s;
}

/* ---- known answers: text, so many times */

static const struct known_row {
    int line;
    const char *what, *key, *data;
    size_t times;
    const char *digest;
} known_rows[] = {
    /* FIPS 180-4 */
    { __LINE__, "empty", NULL, "", 1, "e3b0c44298fc1c149afbf4c8996fb924"
      "27ae41e4649b934ca495991b7852b855" },
    { __LINE__, "abc", NULL, "abc", 1, "ba7816bf8f01cfea414140de5dae2223"
      "b00361a396177a9cb410ff61f20015ad" },
    { __LINE__, "56 bytes", NULL,
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
    { __LINE__, "a million a", NULL, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 10000,
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
    /* RFC 4231 section 4.2 to 4.8 */
    { __LINE__, "RFC 4231 case 1", "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"
      "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b", "Hi There", 1,
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
    { __LINE__, "RFC 4231 case 2", "Jefe", "what do ya want for nothing?", 1,
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
    { __LINE__, "RFC 4231 case 3", "\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa"
      "\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa", "\xdd", 50,
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
    { __LINE__, "RFC 4231 case 4", "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a"
      "\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19", "\xcd",
      50,
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b" },
    { __LINE__, "RFC 4231 case 5", "\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c"
      "\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c", "Test With Truncation", 1,
      "a3b6167473100ee06e0c796c2955552bfa6f7c0a6a8aef8b93f860aab0cd20c5" },
    { __LINE__, "RFC 4231 case 6", "131 \xaa",
      "Test Using Larger Than Block-Size Key - Hash Key First", 1,
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
    { __LINE__, "RFC 4231 case 7", "131 \xaa",
      "This is a test using a larger than block-size key and a larger than "
      "block-size data. The key needs to be hashed before being used by the "
      "HMAC algorithm.", 1,
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2" },
    { __LINE__, "empty key and text", "", "", 1,
      "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad" },
};

static void begin(li__hash *h, const char *key)
{
    char long_key[131];
    li_str k = li_cstr(key);

    if (key && !strcmp(key, "131 \xaa")) {
        memset(long_key, 0xaa, sizeof long_key);
        k.ptr = long_key;
        k.len = sizeof long_key;
    }
    if (key)
        li__hmac_begin(h, guarded(1, k));
    else
        li__sha256_begin(h);
}

static void known(void **state)
{
    const struct known_row *r = (const struct known_row *)*state;
    li_str data = guarded(0, li_cstr(r->data));
    uint8_t digest[32];
    li__hash h;
    size_t i, cut;

    for (cut = 0; cut <= data.len; ++cut) {
        if (cut && r->times > 50)
            break;
        begin(&h, r->key);
        for (i = 0; i < r->times; ++i) {
            li__hash_put(&h, part(data, 0, cut));
            li__hash_put(&h, part(data, cut, data.len));
        }
        li__hash_end(&h, digest);
        assert_digest(digest, r->digest);
    }
    if (r->key || r->times != 1)
        return;
    li_sha256(data, digest);
    assert_digest(digest, r->digest);
}

static void known_byte_by_byte(void **state)
{
    const struct known_row *r = (const struct known_row *)*state;
    li_str data = guarded(0, li_cstr(r->data));
    uint8_t digest[32];
    li__hash h;
    size_t i, k;

    begin(&h, r->key);
    for (i = 0; i < r->times; ++i)
        for (k = 0; k < data.len; ++k)
            li__hash_put(&h, part(data, k, k + 1));
    li__hash_end(&h, digest);
    assert_digest(digest, r->digest);
}

/* ---- every length and every cut */

static uint32_t fold(uint32_t sum, const uint8_t digest[32])
{
    size_t i;

    for (i = 0; i < 32; ++i)
        sum = (sum ^ digest[i]) * 16777619u;
    return sum;
}

/* The digests of the lengths 0 to 200, folded: one number known from an
   independent implementation. */
static void every_length(void **state)
{
    uint8_t digest[32];
    uint32_t sum = 2166136261u;
    li__hash h;
    size_t n;

    (void)state;
    for (n = 0; n <= 200; ++n) {
        li__sha256_begin(&h);
        li__hash_put(&h, pattern(0, n));
        li__hash_end(&h, digest);
        sum = fold(sum, digest);
    }
    assert_int_equal(sum, 0x97514098u);
}

static void every_key_length(void **state)
{
    uint8_t digest[32];
    uint32_t sum = 2166136261u;
    li__hash h;
    size_t n;

    (void)state;
    for (n = 0; n <= 200; ++n) {
        li__hmac_begin(&h, pattern(0, n));
        li__hash_put(&h, pattern(1, 200 - n));
        li__hash_end(&h, digest);
        sum = fold(sum, digest);
    }
    assert_int_equal(sum, 0x73f5aa3cu);
}

static void every_two_cuts(void **state)
{
    li_str s = pattern(0, 150);
    uint8_t whole[32], cut[32];
    li__hash h;
    size_t a, b;

    (void)state;
    li__sha256_begin(&h);
    li__hash_put(&h, s);
    li__hash_end(&h, whole);
    for (a = 0; a <= s.len; ++a)
        for (b = a; b <= s.len; b += OFTEN(1, 13)) {
            li__sha256_begin(&h);
            li__hash_put(&h, part(s, 0, a));
            li__hash_put(&h, part(s, a, b));
            li__hash_put(&h, part(s, b, s.len));
            li__hash_end(&h, cut);
            assert_memory_equal(whole, cut, 32);
        }
}

/* The length is 64 bits: the state behind 2^29 bytes "a", then one more. */
static void a_length_beyond_32_bits(void **state)
{
    static const uint32_t behind[8] = {
        0x1d40d59c, 0xff640ad6, 0x8b6d2288, 0x47528850,
        0x5d293d02, 0xf598b448, 0x9de8234a, 0xc6c0b5e7
    };
    uint8_t digest[32];
    li__hash h;

    (void)state;
    li__sha256_begin(&h);
    memcpy(h.state, behind, sizeof behind);
    h.len = (uint64_t)1 << 29;
    li__hash_put(&h, LI_STR("a"));
    li__hash_end(&h, digest);
    assert_digest(digest, "bf6084769b780af4396e058ef0eaf9ca"
                          "59366db146ca86ebfcaf58cbf7a35669");
}

/* ---- edges */

static void nothing_put_changes_nothing(void **state)
{
    uint8_t digest[32];
    li__hash h;

    (void)state;
    li__sha256_begin(&h);
    li__hash_put(&h, li_cstr(NULL));
    li__hash_put(&h, LI_STR("abc"));
    li__hash_put(&h, li_cstr(NULL));
    li__hash_end(&h, digest);
    assert_digest(digest, known_rows[1].digest);
}

static void an_absent_key_is_an_empty_one(void **state)
{
    uint8_t digest[32];
    li__hash h;

    (void)state;
    li__hmac_begin(&h, li_cstr(NULL));
    li__hash_end(&h, digest);
    assert_digest(digest, known_rows[COUNT(known_rows) - 1].digest);
}

static void the_end_wipes(void **state)
{
    static const li__hash zero;
    uint8_t digest[32];
    li__hash h;

    (void)state;
    li__sha256_begin(&h);
    li__hash_put(&h, LI_STR("secret"));
    li__hash_end(&h, digest);
    assert_memory_equal(&h, &zero, sizeof h);
    li__hmac_begin(&h, LI_STR("key"));
    li__hash_put(&h, LI_STR("secret"));
    li__hash_end(&h, digest);
    assert_memory_equal(&h, &zero, sizeof h);
}

static void a_hash_may_be_copied(void **state)
{
    uint8_t digest[32];
    li__hash h, other;

    (void)state;
    li__hmac_begin(&h, LI_STR("Jefe"));
    li__hash_put(&h, LI_STR("what do ya "));
    other = h;
    li__hash_put(&h, LI_STR("something else"));
    li__hash_end(&h, digest);
    li__hash_put(&other, LI_STR("want for nothing?"));
    li__hash_end(&other, digest);
    assert_digest(digest, known_rows[5].digest);
}

int main(void)
{
    ROWS(known_rows, known);
    ROWS(known_rows, known_byte_by_byte);
    TEST(every_length);
    TEST(every_key_length);
    TEST(every_two_cuts);
    TEST(a_length_beyond_32_bits);
    TEST(nothing_put_changes_nothing);
    TEST(an_absent_key_is_an_empty_one);
    TEST(the_end_wipes);
    TEST(a_hash_may_be_copied);
    return RUN("digest");
}
