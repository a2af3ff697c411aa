/* >>profile: who a member is. */
#define LINKEDIN_IMPLEMENTATION
#include "../linkedin.h"

#include "exchange.h"
#include "test.h"

typedef struct profile_row {
    int line;
    const char *what;
    int status;
    li_str json;
    li_rc rc;
    const char *id, *name, *first, *last, *email, *picture;
} profile_row;

#define NOBODY NULL, NULL, NULL, NULL, NULL, NULL

static const profile_row profile_rows[] = {
    { __LINE__, "userinfo", 200, S("{\"sub\":\"782bbtaQ\",\"name\":\"Ann "
      "Example\",\"given_name\":\"Ann\",\"family_name\":\"Example\","
      "\"picture\":\"https:\\/\\/media.test/p\",\"locale\":{\"country\":\"US\","
      "\"language\":\"en\"},\"email\":\"ann@example.com\","
      "\"email_verified\":true}"), LI_OK, "782bbtaQ", "Ann Example", "Ann",
      "Example", "ann@example.com", "https://media.test/p" },
    { __LINE__, "me", 200, S("{\"localizedLastName\":\"Y\",\"id\":\"i\","
      "\"localizedFirstName\":\"X\"}"), LI_OK, "i", "X Y", "X", "Y", NULL,
      NULL },
    { __LINE__, "preferred locale", 200, S("{\"id\":\"i\",\"localizedFirstName"
      "\":\"Bob\",\"firstName\":{\"localized\":{\"de_DE\":\"Robert\",\"en_US\":"
      "\"Bob\"},\"preferredLocale\":{\"country\":\"DE\",\"language\":\"de\"}}}"
      ), LI_OK, "i", "Robert", "Robert", NULL, NULL, NULL },
    { __LINE__, "locale without country", 200, S("{\"id\":\"i\",\"lastName\":"
      "{\"localized\":{\"de\":\"L\"},\"preferredLocale\":{\"language\":\"de\"}"
      "}}"), LI_OK, "i", "L", NULL, "L", NULL, NULL },
    { __LINE__, "locale that is not there", 200, S("{\"id\":\"i\","
      "\"localizedFirstName\":\"Bob\",\"firstName\":{\"localized\":{\"en_US\":"
      "\"Bo\"},\"preferredLocale\":{\"country\":\"FR\",\"language\":\"fr\"}}}"),
      LI_OK, "i", "Bob", "Bob", NULL, NULL, NULL },
    { __LINE__, "no locale", 200, S("{\"id\":\"i\",\"localizedFirstName\":"
      "\"Bob\",\"firstName\":{}}"), LI_OK, "i", "Bob", "Bob", NULL, NULL,
      NULL },
    { __LINE__, "a very long locale", 200, S("{\"id\":\"i\","
      "\"localizedFirstName\":\"Bob\",\"firstName\":{\"localized\":{},"
      "\"preferredLocale\":{\"language\":\"" X63 "\"}}}"), LI_OK, "i", "Bob",
      "Bob", NULL, NULL, NULL },
    { __LINE__, "pictures", 200, S("{\"id\":\"i\",\"profilePicture\":{"
      "\"displayImage\":\"urn:x\",\"displayImage~\":{\"elements\":["
      "{\"identifiers\":[{\"identifier\":\"small\"}]},"
      "{\"identifiers\":[{\"identifier\":\"large\"}]}]}}}"), LI_OK, "i", "",
      NULL, NULL, NULL, "large" },
    { __LINE__, "the largest picture has no URL", 200, S("{\"id\":\"i\","
      "\"profilePicture\":{\"displayImage~\":{\"elements\":["
      "{\"identifiers\":[{\"identifier\":\"small\"}]},{\"a\":1}]}}}"), LI_OK,
      "i", "", NULL, NULL, NULL, "small" },
    { __LINE__, "pictures that are no list", 200, S("{\"id\":\"i\","
      "\"profilePicture\":{\"displayImage~\":{\"elements\":{}}}}"), LI_OK,
      "i", "", NULL, NULL, NULL, NULL },
    { __LINE__, "no pictures", 200, S("{\"id\":\"i\",\"profilePicture\":{"
      "\"displayImage\":\"urn:x\"}}"), LI_OK, "i", "", NULL, NULL, NULL, NULL },
    { __LINE__, "escapes", 200, S("{\"id\":\"i\",\"name\":\"\\u00c9\\\"a\"}"),
      LI_OK, "i", "\xc3\x89\"a", NULL, NULL, NULL, NULL },
    { __LINE__, "no id", 200, S("{\"name\":\"x\"}"), LI_E_MISSING, NOBODY },
    { __LINE__, "empty id", 200, S("{\"id\":\"\"}"), LI_E_MISSING, NOBODY },
    { __LINE__, "id is a number", 200, S("{\"id\":5}"), LI_E_MISSING, NOBODY },
    { __LINE__, "401", 401, S("{\"id\":\"i\"}"), LI_E_AUTH, NOBODY },
    { __LINE__, "500", 500, S("<html>"), LI_E_SERVER, NOBODY },
    { __LINE__, "HTML", 200, S("<html>"), LI_E_JSON, NOBODY },
    { __LINE__, "empty", 200, S(""), LI_E_JSON, NOBODY },
    { __LINE__, "an array", 200, S("[]"), LI_E_TYPE, NOBODY },
};

static void profile_at(const profile_row *row, const li_call *call,
                       size_t cap, size_t need)
{
    char *mem = guard(1, cap);
    li_buf out = li_buf_of(mem, cap);
    li_profile who;
    li_rc want = row->rc ? row->rc : cap < need ? LI_E_SPACE : LI_OK;

    assert_int_equal(li_profile_read(&who, call, &out), want);
    assert_true(untouched(mem - 64, 64));
    if (want)
        return;
    same_text(who.id, row->id);
    same_text(who.name, row->name);
    same_text(who.first_name, row->first);
    same_text(who.last_name, row->last);
    same_text(who.email, row->email);
    same_text(who.picture, row->picture);
}

static void profile(void **state)
{
    const profile_row *row = (const profile_row *)*state;
    size_t cap, need = text_need(row->id) + text_need(row->name) +
                       text_need(row->first) + text_need(row->last) +
                       text_need(row->email) + text_need(row->picture);
    li_call call;

    answered(&call, &member, &get_me, row->status, NULL, row->json);
    if (row->rc) {
        profile_at(row, &call, 100, 0);
        return;
    }
    for (cap = 0; cap <= need + 2; ++cap)
        profile_at(row, &call, cap, need);
}

/* What is told to be enough is enough: a full name out of two counts too. */
static void profile_need(void **state)
{
    const profile_row *row = (const profile_row *)*state;
    li_buf out = li_buf_of(NULL, 0);
    li_profile who;
    li_call call;

    if (row->rc)
        return;
    answered(&call, &member, &get_me, row->status, NULL, row->json);
    assert_int_equal(li_profile_read(&who, &call, &out), LI_E_SPACE);
    out = li_buf_of(guard(1, out.need), out.need);
    assert_int_equal(li_profile_read(&who, &call, &out), LI_OK);
}

/* ---- id_tokens: all but the arithmetic of the signature, which is a hook's */

#define ID_HEAD(more) "{\"alg\":\"RS256\",\"kid\":\"k\"" more "}"
#define ISS "\"iss\":\"https://www.linkedin.com/oauth\","
#define AUD "\"aud\":\"app\","
#define EXP(n) "\"exp\":" n ","
#define IAT(n) "\"iat\":" n ","
#define NBF(n) "\"nbf\":" n ","
#define SUB "\"sub\":\"me\""
#define TIMES EXP("1800000100") IAT("1799999900")
#define CLAIMS "{" ISS AUD TIMES SUB "}"
#define AS_AUD(aud) "{" ISS TIMES aud SUB "}"
#define AT(times) "{" ISS AUD times SUB "}"
/* @ stands for a modulus of 2,048 bits */
#define RSA(more) "{\"kty\":\"RSA\",\"n\":\"@\",\"e\":\"AQAB\"" more "}"
#define KEYS(list) "{\"keys\":[" list "]}"
#define KEY KEYS(RSA(",\"kid\":\"k\",\"use\":\"sig\",\"alg\":\"RS256\""))

static const struct id_row {
    int line;
    const char *what, *header, *claims, *keys;
    li_rc rc;
    const char *wrong;
    const char *nonce; /* that the flow has */
} id_rows[] = {
    { __LINE__, "good", ID_HEAD(""), CLAIMS, KEY, LI_OK, NULL, NULL },
    /* the header */
    { __LINE__, "typ JWT", ID_HEAD(",\"typ\":\"JWT\""), CLAIMS, KEY, LI_OK,
      NULL, NULL },
    { __LINE__, "typ jwt", ID_HEAD(",\"typ\":\"jwt\""), CLAIMS, KEY, LI_OK,
      NULL, NULL },
    { __LINE__, "typ with an escape", ID_HEAD(",\"typ\":\"\\u004aWT\""), CLAIMS,
      KEY, LI_OK, NULL, NULL },
    { __LINE__, "typ at+jwt", ID_HEAD(",\"typ\":\"at+jwt\""), CLAIMS, KEY,
      LI_E_FORGED, "typ", NULL },
    { __LINE__, "typ JW", ID_HEAD(",\"typ\":\"JW\""), CLAIMS, KEY, LI_E_FORGED,
      "typ", NULL },
    { __LINE__, "typ a number", ID_HEAD(",\"typ\":7"), CLAIMS, KEY, LI_E_FORGED,
      "typ", NULL },
    { __LINE__, "alg none", "{\"alg\":\"none\",\"kid\":\"k\"}", CLAIMS, KEY,
      LI_E_FORGED, "alg", NULL },
    { __LINE__, "alg rs256", "{\"alg\":\"rs256\",\"kid\":\"k\"}", CLAIMS, KEY,
      LI_E_FORGED, "alg", NULL },
    { __LINE__, "alg HS256", "{\"alg\":\"HS256\",\"kid\":\"k\"}", CLAIMS, KEY,
      LI_E_FORGED, "alg", NULL },
    { __LINE__, "no alg", "{\"kid\":\"k\"}", CLAIMS, KEY, LI_E_FORGED, "alg",
      NULL },
    { __LINE__, "crit", ID_HEAD(",\"crit\":[]"), CLAIMS, KEY, LI_E_FORGED,
      "crit", NULL },
    { __LINE__, "a header that is a list", "[]", CLAIMS, KEY, LI_E_TYPE,
      "header", NULL },
    { __LINE__, "a header that is no JSON", "{", CLAIMS, KEY, LI_E_JSON,
      "header", NULL },
    /* the keys */
    { __LINE__, "kid a number", "{\"alg\":\"RS256\",\"kid\":7}", CLAIMS, KEY,
      LI_E_TYPE, "kid", NULL },
    { __LINE__, "kid of another key", "{\"alg\":\"RS256\",\"kid\":\"l\"}",
      CLAIMS, KEY, LI_E_MISSING, "kid", NULL },
    { __LINE__, "a key without kid", ID_HEAD(""), CLAIMS, KEYS(RSA("")),
      LI_E_MISSING, "kid", NULL },
    { __LINE__, "no kid, one key", "{\"alg\":\"RS256\"}", CLAIMS, KEYS(RSA("")),
      LI_OK, NULL, NULL },
    { __LINE__, "no kid, two keys", "{\"alg\":\"RS256\"}", CLAIMS,
      KEYS(RSA("") "," RSA("")), LI_E_MISSING, "kid", NULL },
    { __LINE__, "no kid, one of two signs", "{\"alg\":\"RS256\"}", CLAIMS,
      KEYS(RSA(",\"use\":\"enc\"") "," RSA("")), LI_OK, NULL, NULL },
    { __LINE__, "the second is meant", ID_HEAD(""), CLAIMS,
      KEYS(RSA(",\"kid\":\"l\"") "," RSA(",\"kid\":\"k\"")), LI_OK, NULL,
      NULL },
    { __LINE__, "two of one name", ID_HEAD(""), CLAIMS,
      KEYS(RSA(",\"kid\":\"k\"") "," RSA(",\"kid\":\"k\"")), LI_E_MISSING,
      "kid", NULL },
    { __LINE__, "a key for encryption", ID_HEAD(""), CLAIMS,
      KEYS(RSA(",\"kid\":\"k\",\"use\":\"enc\"")), LI_E_MISSING, "kid", NULL },
    { __LINE__, "a key for RS512", ID_HEAD(""), CLAIMS,
      KEYS(RSA(",\"kid\":\"k\",\"alg\":\"RS512\"")), LI_E_MISSING, "kid",
      NULL },
    { __LINE__, "an EC key", ID_HEAD(""), CLAIMS,
      KEYS("{\"kty\":\"EC\",\"kid\":\"k\",\"n\":\"@\",\"e\":\"AQAB\"}"),
      LI_E_MISSING, "kid", NULL },
    { __LINE__, "a key without kty", ID_HEAD(""), CLAIMS,
      KEYS("{\"kid\":\"k\",\"n\":\"@\",\"e\":\"AQAB\"}"), LI_E_MISSING, "kid",
      NULL },
    { __LINE__, "no list of keys", ID_HEAD(""), CLAIMS, "{}", LI_E_MISSING,
      "kid", NULL },
    { __LINE__, "keys no list", ID_HEAD(""), CLAIMS, "{\"keys\":{}}", LI_E_TYPE,
      "kid", NULL },
    { __LINE__, "white space behind the keys", ID_HEAD(""), CLAIMS, KEY " \n",
      LI_OK, NULL, NULL },
    { __LINE__, "rubbish behind the keys", ID_HEAD(""), CLAIMS, KEY "x",
      LI_E_JSON, "kid", NULL },
    { __LINE__, "an object behind the keys", ID_HEAD(""), CLAIMS, KEY "{}",
      LI_E_JSON, "kid", NULL },
    { __LINE__, "n no base64url", ID_HEAD(""), CLAIMS,
      KEYS("{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"@=\",\"e\":\"AQAB\"}"),
      LI_E_SYNTAX, "signature", NULL },
    { __LINE__, "e of 1", ID_HEAD(""), CLAIMS,
      KEYS("{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"@\",\"e\":\"AQ\"}"),
      LI_E_RANGE, "signature", NULL },
    { __LINE__, "e of 0001", ID_HEAD(""), CLAIMS,
      KEYS("{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"@\",\"e\":\"AAAAAQ\"}"),
      LI_E_RANGE, "signature", NULL },
    { __LINE__, "e of 2", ID_HEAD(""), CLAIMS,
      KEYS("{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"@\",\"e\":\"Ag\"}"),
      LI_E_RANGE, "signature", NULL },
    { __LINE__, "e of 3", ID_HEAD(""), CLAIMS,
      KEYS("{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"@\",\"e\":\"Aw\"}"),
      LI_OK, NULL, NULL },
    { __LINE__, "e of two bytes", ID_HEAD(""), CLAIMS,
      KEYS("{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"@\",\"e\":\"AQE\"}"),
      LI_OK, NULL, NULL },
    { __LINE__, "e of four bytes", ID_HEAD(""), CLAIMS,
      KEYS("{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"@\",\"e\":\"AQAAAQ\"}"),
      LI_OK, NULL, NULL },
    { __LINE__, "e of five bytes", ID_HEAD(""), CLAIMS,
      KEYS("{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"@\",\"e\":\"AQAAAAE\"}"),
      LI_E_RANGE, "signature", NULL },
    { __LINE__, "no e", ID_HEAD(""), CLAIMS,
      KEYS("{\"kty\":\"RSA\",\"kid\":\"k\",\"n\":\"@\"}"),
      LI_E_RANGE, "signature", NULL },
    { __LINE__, "no n", ID_HEAD(""), CLAIMS,
      KEYS("{\"kty\":\"RSA\",\"kid\":\"k\",\"e\":\"AQAB\"}"),
      LI_E_RANGE, "signature", NULL },
    /* who may say it, and to whom */
    { __LINE__, "claims that are a list", ID_HEAD(""), "[]", KEY, LI_E_TYPE,
      "payload", NULL },
    { __LINE__, "LinkedIn's other name", ID_HEAD(""),
      "{\"iss\":\"https://www.linkedin.com\"," AUD TIMES SUB "}", KEY, LI_OK,
      NULL, NULL },
    { __LINE__, "another issuer", ID_HEAD(""),
      "{\"iss\":\"https://www.linkedin.co\"," AUD TIMES SUB "}", KEY,
      LI_E_FORGED, "iss", NULL },
    { __LINE__, "no issuer", ID_HEAD(""), "{" AUD TIMES SUB "}", KEY,
      LI_E_MISSING, "iss", NULL },
    { __LINE__, "a list of us", ID_HEAD(""), AS_AUD("\"aud\":[\"app\"],"), KEY,
      LI_OK, NULL, NULL },
    { __LINE__, "a list of us, azp us", ID_HEAD(""),
      AS_AUD("\"aud\":[\"app\"],\"azp\":\"app\","), KEY, LI_OK, NULL, NULL },
    { __LINE__, "two, azp us", ID_HEAD(""),
      AS_AUD("\"aud\":[\"b\",\"app\"],\"azp\":\"app\","), KEY, LI_OK, NULL,
      NULL },
    { __LINE__, "two, no azp", ID_HEAD(""),
      AS_AUD("\"aud\":[\"app\",\"b\"],"), KEY, LI_E_FORGED, "aud", NULL },
    { __LINE__, "two, azp another", ID_HEAD(""),
      AS_AUD("\"aud\":[\"app\",\"b\"],\"azp\":\"b\","), KEY, LI_E_FORGED, "aud",
      NULL },
    { __LINE__, "us, azp another", ID_HEAD(""), AS_AUD(AUD "\"azp\":\"b\","),
      KEY, LI_E_FORGED, "aud", NULL },
    { __LINE__, "us, azp a number", ID_HEAD(""), AS_AUD(AUD "\"azp\":1,"), KEY,
      LI_E_FORGED, "aud", NULL },
    { __LINE__, "another", ID_HEAD(""), AS_AUD("\"aud\":\"ap\","), KEY,
      LI_E_FORGED, "aud", NULL },
    { __LINE__, "a list of others", ID_HEAD(""), AS_AUD("\"aud\":[\"b\"],"),
      KEY, LI_E_FORGED, "aud", NULL },
    { __LINE__, "others, azp us", ID_HEAD(""),
      AS_AUD("\"aud\":[\"b\",\"c\"],\"azp\":\"app\","), KEY, LI_E_FORGED, "aud",
      NULL },
    { __LINE__, "an empty list", ID_HEAD(""), AS_AUD("\"aud\":[],"), KEY,
      LI_E_FORGED, "aud", NULL },
    { __LINE__, "us, and a number behind", ID_HEAD(""),
      AS_AUD("\"aud\":[\"app\",7],"), KEY, LI_E_FORGED, "aud", NULL },
    { __LINE__, "a number and us", ID_HEAD(""),
      AS_AUD("\"aud\":[7,\"app\"],\"azp\":\"app\","), KEY, LI_E_FORGED, "aud",
      NULL },
    { __LINE__, "an object", ID_HEAD(""), AS_AUD("\"aud\":{\"app\":\"app\"},"),
      KEY, LI_E_FORGED, "aud", NULL },
    { __LINE__, "a NUL in it", ID_HEAD(""), AS_AUD("\"aud\":\"app\\u0000\","),
      KEY, LI_E_FORGED, "aud", NULL },
    { __LINE__, "no aud", ID_HEAD(""), AS_AUD(""), KEY, LI_E_MISSING, "aud",
      NULL },
    /* when */
    { __LINE__, "exp at the edge", ID_HEAD(""),
      AT(EXP("1799999881") IAT("1799999800")), KEY, LI_OK, NULL, NULL },
    { __LINE__, "exp behind it", ID_HEAD(""),
      AT(EXP("1799999880") IAT("1799999800")), KEY, LI_E_TIMEOUT, "exp", NULL },
    { __LINE__, "iat at the edge", ID_HEAD(""),
      AT(EXP("1800000900") IAT("1800000120")), KEY, LI_OK, NULL, NULL },
    { __LINE__, "iat behind it", ID_HEAD(""),
      AT(EXP("1800000900") IAT("1800000121")), KEY, LI_E_TIMEOUT, "iat", NULL },
    { __LINE__, "nbf at the edge", ID_HEAD(""), AT(TIMES NBF("1800000120")),
      KEY, LI_OK, NULL, NULL },
    { __LINE__, "nbf behind it", ID_HEAD(""), AT(TIMES NBF("1800000121")), KEY,
      LI_E_TIMEOUT, "nbf", NULL },
    { __LINE__, "iat of nought", ID_HEAD(""), AT(EXP("1800000100") IAT("0")),
      KEY, LI_OK, NULL, NULL },
    { __LINE__, "fractions", ID_HEAD(""),
      AT(EXP("1800000100.79") IAT("1799999900.5")), KEY, LI_OK, NULL, NULL },
    { __LINE__, "nbf 9.9e99", ID_HEAD(""), AT(TIMES NBF("9.9e99")), KEY,
      LI_E_TYPE, "nbf", NULL },
    { __LINE__, "nbf 1e1", ID_HEAD(""), AT(TIMES NBF("1e1")), KEY, LI_E_TYPE,
      "nbf", NULL },
    { __LINE__, "iat 1.9e10", ID_HEAD(""), AT(EXP("1800000100") IAT("1.9e10")),
      KEY, LI_E_TYPE, "iat", NULL },
    { __LINE__, "exp N.0e-9", ID_HEAD(""),
      AT(EXP("1800000100.0e-9") IAT("1799999900")), KEY, LI_E_TYPE, "exp",
      NULL },
    { __LINE__, "exp too great", ID_HEAD(""),
      AT(EXP("9223372036854775808") IAT("1799999900")), KEY, LI_E_TYPE, "exp",
      NULL },
    { __LINE__, "exp the greatest", ID_HEAD(""),
      AT(EXP("9223372036854775807") IAT("1799999900")), KEY, LI_OK, NULL,
      NULL },
    { __LINE__, "exp below nought", ID_HEAD(""),
      AT(EXP("-1") IAT("1799999900")), KEY, LI_E_TYPE, "exp", NULL },
    { __LINE__, "exp a text", ID_HEAD(""),
      AT(EXP("\"1800000100\"") IAT("1799999900")), KEY, LI_E_TYPE, "exp",
      NULL },
    { __LINE__, "no exp", ID_HEAD(""), AT(IAT("1799999900")), KEY,
      LI_E_MISSING, "exp", NULL },
    { __LINE__, "no iat", ID_HEAD(""), AT(EXP("1800000100")), KEY,
      LI_E_MISSING, "iat", NULL },
    /* for which sign-in */
    { __LINE__, "the nonce", ID_HEAD(""), AT(TIMES "\"nonce\":\"n-1\","), KEY,
      LI_OK, NULL, "n-1" },
    { __LINE__, "another nonce", ID_HEAD(""), AT(TIMES "\"nonce\":\"n-2\","),
      KEY, LI_E_FORGED, "nonce", "n-1" },
    { __LINE__, "no nonce", ID_HEAD(""), CLAIMS, KEY, LI_E_MISSING, "nonce",
      "n-1" },
    { __LINE__, "a nonce that nobody asked for", ID_HEAD(""),
      AT(TIMES "\"nonce\":\"n-1\","), KEY, LI_OK, NULL, NULL },
    /* who it is */
    { __LINE__, "no sub", ID_HEAD(""), "{" ISS AUD TIMES "\"a\":1}", KEY,
      LI_E_MISSING, "sub", NULL },
    { __LINE__, "an empty sub", ID_HEAD(""), "{" ISS AUD TIMES "\"sub\":\"\"}",
      KEY, LI_E_MISSING, "sub", NULL },
    { __LINE__, "sub a number", ID_HEAD(""), "{" ISS AUD TIMES "\"sub\":1}",
      KEY, LI_E_MISSING, "sub", NULL },
    { __LINE__, "an id beside it does not count", ID_HEAD(""),
      "{" ISS AUD TIMES "\"id\":\"root\"," SUB "}", KEY, LI_OK, NULL, NULL },
    { __LINE__, "a NUL in the sub", ID_HEAD(""),
      "{" ISS AUD TIMES "\"sub\":\"me\\u0000x\"}", KEY, LI_E_ENCODING, NULL,
      NULL },
    { __LINE__, "a NUL in the name, behind a good sub", ID_HEAD(""),
      "{" ISS AUD TIMES SUB ",\"name\":\"x\\u0000\"}", KEY, LI_E_ENCODING,
      NULL, NULL },
};

static char modulus[600];
static const char *signed_text; /* the id_token: header, payload and more */
static struct seen {
    unsigned calls;
    li_rc says;
    size_t n, e, text, signature;
} verifier;

static li_rc fake_verify(void *user, const li_str key[2], li_str text,
                         li_str signature)
{
    (void)user;
    verifier.calls++;
    verifier.n = key[0].len;
    verifier.e = key[1].len;
    verifier.text = text.len;
    verifier.signature = signature.len;
    assert_memory_equal(key[0].ptr, modulus + sizeof modulus - key[0].len,
                        key[0].len);
    assert_memory_equal(text.ptr, signed_text, text.len);
    return verifier.says;
}

/* keys: with a modulus of so many bytes, behind zeros, for each "@". */
static li_str jwks_of(const char *keys, size_t bytes, size_t zeros)
{
    static char text[4096];
    li_buf out = LI_BUF(text);
    size_t all = bytes + zeros;

    memset(modulus, 0, sizeof modulus);
    memset(modulus + sizeof modulus - bytes, 0x81, bytes);
    for (; *keys; ++keys)
        if (*keys == '@')
            li_base64url_encode(LI_VIEW(modulus + sizeof modulus - all, all),
                                &out);
        else
            li_put(&out, LI_VIEW(keys, 1));
    assert_int_equal(out.rc, LI_OK);
    return guarded(0, written(&out));
}

static li_str the_key(void)
{
    return jwks_of(KEY, 256, 0);
}

/* A token whose signature, "sig", nobody looks at. */
static li_str id_token_of(const char *header, const char *claims)
{
    static char text[20000];
    li_buf out = LI_BUF(text);

    li_base64url_encode(li_cstr(header), &out);
    li_put(&out, LI_STR("."));
    li_base64url_encode(li_cstr(claims), &out);
    li_put(&out, LI_STR(".c2ln"));
    out.ptr = (char *)(uintptr_t)guarded(1, written(&out)).ptr;
    signed_text = out.ptr;
    return written(&out);
}

static li_client id_client(li_token *token, li_str text)
{
    li_client client;

    memset(token, 0, sizeof *token);
    token->id_token = text;
    memset(&client, 0, sizeof client);
    client.client_id = "app";
    client.token = token;
    client.now = tell;
    client.verify = fake_verify;
    clock_says = 1800000000;
    memset(&verifier, 0, sizeof verifier);
    return client;
}

static void id_token(void **state)
{
    const struct id_row *row = (const struct id_row *)*state;
    li_str jwks = jwks_of(row->keys, 256, 0);
    li_token token;
    li_client client = id_client(&token, id_token_of(row->header, row->claims));
    li_flow flow;
    li_profile who;
    size_t cap, need = 0;

    memset(&flow, 0, sizeof flow);
    if (row->nonce)
        strcpy(flow.nonce, row->nonce);
    for (cap = 0; cap <= 1500; cap += cap < 1000 ? 50 : 500) {
        li_buf out = li_buf_of(guard(2, cap), cap);
        li_rc rc = li_id_token_read(&who, &client, &flow, jwks, &out);

        if (rc == LI_E_SPACE) {
            need = out.need;
            assert_true(need > cap);
            assert_null(who.id.ptr);
            continue;
        }
        assert_int_equal(rc, row->rc);
        if (row->wrong)
            assert_string_equal(flow.wrong, row->wrong);
        if (rc) { /* and nobody is told of */
            assert_null(who.id.ptr);
            assert_null(who.name.ptr);
            continue;
        }
        assert_null(flow.wrong);
        assert_string_equal(who.id.ptr, "me");
        assert_true(verifier.calls > 0);
        assert_int_equal(verifier.signature, 3);
        assert_int_equal(verifier.text, token.id_token.len - 5);
        assert_true(cap <= need);
    }
}

/* The size of the key is counted without its leading zeros. */
static void id_token_keys(void **state)
{
    static const struct { size_t bytes, zeros; li_rc rc; } sizes[] = {
        {257, 0, LI_OK}, {512, 0, LI_OK}, {513, 0, LI_E_RANGE},
        {256, 0, LI_OK}, {255, 0, LI_E_RANGE}, {256, 1, LI_OK},
        {256, 2, LI_OK}, {255, 1, LI_E_RANGE}, {512, 3, LI_OK}};
    li_token token;
    li_client client = id_client(&token, id_token_of(ID_HEAD(""), CLAIMS));
    char mem[LI_ID_MEM];
    li_profile who;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(sizes); ++i) {
        li_str jwks = jwks_of(KEY, sizes[i].bytes, sizes[i].zeros);
        li_buf out = LI_BUF(mem);
        li_flow flow;

        memset(&flow, 0, sizeof flow);
        assert_int_equal(li_id_token_read(&who, &client, &flow, jwks, &out),
                         sizes[i].rc);
        if (!sizes[i].rc)
            assert_int_equal(verifier.n, sizes[i].bytes);
        if (!sizes[i].rc)
            assert_int_equal(verifier.e, 3);
    }
}

static void what_the_verifier_says(void **state)
{
    static const struct { li_rc says, rc; } rows[] = {
        {LI_OK, LI_OK}, {LI_E_FORGED, LI_E_FORGED}, {LI_E_STORE, LI_E_STORE},
        {LI_WANT_OPEN, LI_E_FORGED}, {LI_WANT_READ, LI_E_FORGED},
        {LI_E_SPACE, LI_E_STORE}};
    li_token token;
    li_client client = id_client(&token, id_token_of(ID_HEAD(""), CLAIMS));
    char mem[LI_ID_MEM];
    li_profile who;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(rows); ++i) {
        li_buf out = LI_BUF(mem);
        li_flow flow;

        memset(&flow, 0, sizeof flow);
        verifier.says = rows[i].says;
        assert_int_equal(li_id_token_read(&who, &client, &flow, the_key(),
                                          &out),
                         rows[i].rc);
        if (rows[i].rc)
            assert_string_equal(flow.wrong, "signature");
    }
}

static void what_an_id_token_needs(void **state)
{
    static const struct { const char *lacks; li_rc rc; } rows[] = {
        {"client_id", LI_E_ARG}, {"now", LI_E_STORE}, {"verify", LI_E_STORE},
        {"id_token", LI_E_MISSING}};
    li_token token;
    char mem[LI_ID_MEM];
    li_profile who;
    size_t i;

    (void)state;
    for (i = 0; i <= COUNT(rows); ++i) {
        li_client client = id_client(&token, id_token_of(ID_HEAD(""), CLAIMS));
        li_buf out = LI_BUF(mem);
        li_flow flow;

        memset(&flow, 0, sizeof flow);
        if (i == 0)
            client.client_id = NULL;
        if (i == 1)
            client.now = NULL;
        if (i == 2)
            client.verify = NULL;
        if (i == 3)
            token.id_token = LI_STR("");
        if (i == 4)
            client.token = NULL;
        assert_int_equal(li_id_token_read(&who, &client, &flow, the_key(),
                                          &out),
                         rows[i < 4 ? i : 3].rc);
        assert_string_equal(flow.wrong, rows[i < 4 ? i : 3].lacks);
        assert_int_equal(verifier.calls, 0);
    }
}

/* Three parts, none of them empty. */
static void parts_of_an_id_token(void **state)
{
    static const char *const texts[] = {"a", "a.b", ".b.c", "a..c", "a.b.",
                                        "a.b.c.d", "..", "."};
    li_token token;
    char mem[LI_ID_MEM];
    li_profile who;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(texts); ++i) {
        li_client client = id_client(&token, li_cstr(texts[i]));
        li_buf out = LI_BUF(mem);
        li_flow flow;

        memset(&flow, 0, sizeof flow);
        assert_int_equal(li_id_token_read(&who, &client, &flow, the_key(),
                                          &out),
                         LI_E_SYNTAX);
        assert_string_equal(flow.wrong, "id_token");
    }
}

/* OpenID Connect Core section 3.1.3.7, point 6: only where it is asked for, and
   only behind the code of this very sign-in. */
static void an_id_token_straight_from_linkedin(void **state)
{
    li_token token;
    li_client client = id_client(&token, id_token_of(ID_HEAD(""), CLAIMS));
    char mem[LI_ID_MEM];
    li_profile who;
    unsigned stage;

    (void)state;
    client.verify = NULL;
    for (stage = 0; stage < 5; ++stage) {
        li_buf out = LI_BUF(mem);
        li_flow flow;

        memset(&flow, 0, sizeof flow);
        flow.trust_tls = 1;
        flow.stage = (uint8_t)stage;
        assert_int_equal(li_id_token_read(&who, &client, &flow, li_cstr(NULL),
                                          &out),
                         stage == 3 ? LI_OK : LI_E_STATE);
        if (stage != 3)
            assert_string_equal(flow.wrong, "trust_tls");
        else
            assert_string_equal(who.id.ptr, "me");
        flow.stage = 3;
        out = LI_BUF(mem);
        token.id_token = id_token_of("{\"alg\":\"none\"}", CLAIMS);
        assert_int_equal(li_id_token_read(&who, &client, &flow, li_cstr(NULL),
                                          &out), LI_E_FORGED);
        token.id_token = id_token_of(ID_HEAD(""), AT(EXP("1") IAT("1")));
        out = LI_BUF(mem);
        assert_int_equal(li_id_token_read(&who, &client, &flow, li_cstr(NULL),
                                          &out), LI_E_TIMEOUT);
        token.id_token = id_token_of(ID_HEAD(""), CLAIMS);
    }
    assert_int_equal(verifier.calls, 0);
}

static void an_issuer_of_your_own(void **state)
{
    li_token token;
    li_client client = id_client(&token, id_token_of(ID_HEAD(""),
        "{\"iss\":\"https://id.test\"," AUD TIMES SUB "}"));
    char mem[LI_ID_MEM];
    li_profile who;
    li_flow flow;
    li_buf out = LI_BUF(mem);

    (void)state;
    memset(&flow, 0, sizeof flow);
    assert_int_equal(li_id_token_read(&who, &client, &flow, the_key(), &out),
                     LI_E_FORGED);
    client.issuer = "https://id.test";
    out = LI_BUF(mem);
    assert_int_equal(li_id_token_read(&who, &client, &flow, the_key(), &out),
                     LI_OK);
    token.id_token = id_token_of(ID_HEAD(""), CLAIMS); /* LinkedIn's */
    out = LI_BUF(mem);
    assert_int_equal(li_id_token_read(&who, &client, &flow, the_key(), &out),
                     LI_E_FORGED);
}

/* Larger than LinkedIn's by far: the first need that is told does. */
static void id_token_of_any_size(void **state)
{
    static char mem[60000], claims[12000];
    li_buf out = li_buf_of(mem, 100);
    li_token token;
    li_client client;
    li_flow flow;
    li_profile who;

    (void)state;
    memset(&flow, 0, sizeof flow);
    snprintf(claims, sizeof claims, "{" ISS AUD TIMES SUB ",\"name\":\"%09000d"
             "\"}", 7);
    client = id_client(&token, id_token_of(ID_HEAD(""), claims));
    assert_int_equal(li_id_token_read(&who, &client, &flow, the_key(), &out),
                     LI_E_SPACE);
    assert_true(out.need > LI_ID_MEM && out.need <= sizeof mem);
    out = li_buf_of(mem, out.need);
    assert_int_equal(li_id_token_read(&who, &client, &flow, the_key(), &out),
                     LI_OK);
    assert_int_equal(who.name.len, 9000);
}

int main(void)
{
    ROWS(profile_rows, profile);
    ROWS(profile_rows, profile_need);
    ROWS(id_rows, id_token);
    TEST(id_token_keys);
    TEST(what_the_verifier_says);
    TEST(what_an_id_token_needs);
    TEST(parts_of_an_id_token);
    TEST(an_id_token_straight_from_linkedin);
    TEST(an_issuer_of_your_own);
    TEST(id_token_of_any_size);
    return RUN("profile");
}
