/* http.h - HTTP/1.1: a request's head taken apart, an answer put together. */
#ifndef MOCK_HTTP_H
#define MOCK_HTTP_H

static int is_token(li_str text)
{
    return only(text, ALNUM "!#$%&'*+-.^_`|~");
}

/* The length of the head from data, 0 if it is not whole. *bad: a line end
   without CR (RFC 9112 section 2.2 lets a server refuse it). */
static size_t head_length(const char *data, size_t len, size_t *from,
                          int *bad)
{
    size_t i;
    for (i = *from; i < len; i++) {
        if (data[i] != '\n')
            continue;
        if (i < 1 || data[i - 1] != '\r')
            return *bad = 1, (size_t)0;
        if (i >= 3 && data[i - 2] == '\n')
            return i + 1;
    }
    return *from = i, (size_t)0;
}

static int segment_too_long(li_str path)
{
    while (path.len)
        if (cut(&path, "/").len > MAX_QUERY)
            return 1;
    return 0;
}

/* These readers give 0, or the status of the refusal. Only the origin form
   is served (RFC 9112 section 3.2.1). */
static int read_request_line(exchange *x, li_str line)
{
    li_str target;
    size_t i;

    x->method = cut(&line, " ");
    target = cut(&line, " ");
    if (target.len > MAX_URL)
        return 414;
    if (!is_token(x->method) || !starts(target, "/"))
        return 400;
    for (i = 0; i < target.len; i++)
        if (target.ptr[i] <= ' ' || target.ptr[i] > '~' ||
            target.ptr[i] == '#')
            return 400;
    x->path = cut(&target, "?");
    x->query = target;
    x->http10 = (uint8_t)is(line, "HTTP/1.0");
    if (x->query.len > MAX_QUERY || segment_too_long(x->path))
        return 414;
    return x->http10 || is(line, "HTTP/1.1") ? 0
           : starts(line, "HTTP/")           ? 505
                                             : 400;
}

static int read_header(exchange *x, li_str line)
{
    li_str value = line, name = cut(&value, ":");
    size_t i;

    if (x->header_count == MAX_HEADERS)
        return 431;
    if (!value.ptr || !is_token(name))
        return 400;
    for (i = 0; i < value.len; i++)
        if ((unsigned char)value.ptr[i] < ' ' ? value.ptr[i] != '\t'
                                              : value.ptr[i] == 127)
            return 400;
    x->headers[x->header_count].name = name;
    x->headers[x->header_count++].value = trim(value);
    return 0;
}

static size_t header_times(const exchange *x, const char *name)
{
    size_t i, n = 0;
    for (i = 0; i < x->header_count; i++)
        n += (size_t)is_nocase(x->headers[i].name, name);
    return n;
}

static int read_length(li_str text, uint64_t most, uint64_t *len)
{
    uint64_t value = 0;
    size_t i;

    if (!only(text, DIGITS))
        return 400;
    for (i = 0; i < text.len && value <= most; i++)
        value = value * 10 + (uint64_t)(text.ptr[i] - '0');
    if (value > most)
        return 413;
    *len = value;
    return 0;
}

/* RFC 9112 section 6.3. A body has a Content-Length here; a coded one is
   refused (411). An upload may be as long as LinkedIn's schema allows. */
static int read_framing(exchange *x, uint64_t *body_len)
{
    li_str length = header(x, "Content-Length");
    int coded = header(x, "Transfer-Encoding").ptr != NULL;
    int due = is(x->method, "POST") || is(x->method, "PUT");

    if ((!x->http10 && header_times(x, "Host") != 1) ||
        header_times(x, "Content-Length") > 1 ||
        header_times(x, "Authorization") > 1 || (coded && length.ptr))
        return 400;
    if (coded || (due && !length.ptr))
        return 411;
    return length.ptr ? read_length(length, is_upload(x) ? most_upload
                                                         : MAX_BODY, body_len)
                      : 0;
}

static int read_head(exchange *x, li_str head, uint64_t *body_len)
{
    int status = read_request_line(x, line_next(&head));
    li_str line;

    while (!status && (line = line_next(&head)).len)
        status = read_header(x, line);
    return status ? status : read_framing(x, body_len);
}

static const char *reason(int status)
{
    static const struct { int status; const char *text; } reasons[] = {
        {200, "OK"}, {201, "Created"}, {204, "No Content"}, {302, "Found"},
        {400, "Bad Request"}, {401, "Unauthorized"}, {403, "Forbidden"},
        {404, "Not Found"}, {405, "Method Not Allowed"},
        {411, "Length Required"}, {413, "Content Too Large"},
        {414, "URI Too Long"}, {422, "Unprocessable Content"},
        {426, "Upgrade Required"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"}, {502, "Bad Gateway"},
        {503, "Service Unavailable"}, {504, "Gateway Timeout"},
        {505, "HTTP Version Not Supported"},
    };
    size_t i;
    for (i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].text;
    return "Unknown";
}

static void put_date(const char *name, time_t at, li_buf *out)
{
    char date[40];
    struct tm utc;

    if (gmtime_r(&at, &utc) &&
        strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc))
        put(out, name), put(out, ": "), put(out, date), put(out, "\r\n");
}

static void put_trace_headers(exchange *x, li_buf *out)
{
    put_date("Date", time(NULL), out);
    put(out, "x-li-uuid: ");
    random_text(out, "AAY", 15);
    put(out, "==\r\nx-li-request-id: ");
    random_text(out, "", 9);
    put(out, "\r\nx-li-fabric: prod-lva1\r\nx-li-pop: prod-lva1-x\r\n"
             "x-li-proto: http/1.1\r\n");
    if (x->token)
        put(out, "x-restli-protocol-version: 2.0.0\r\n");
}

static void put_answer(exchange *x, int status, li_buf *out)
{
    char line[64];

    snprintf(line, sizeof line, "HTTP/1.1 %d %s\r\n", status,
             reason(status));
    put(out, line);
    if (!x->verbatim)
        put_trace_headers(x, out);
    li_put(out, written(&x->extra));
    if (x->effect[RETRY_AFTER] >= 0) {
        snprintf(line, sizeof line, "Retry-After: %ld\r\n",
                 x->effect[RETRY_AFTER]);
        put(out, line);
    }
    if (x->effect[RETRY_DATE] >= 0)
        put_date("Retry-After", time(NULL) + x->effect[RETRY_DATE], out);
    if (x->type)
        put(out, "Content-Type: "), put(out, x->type), put(out, "\r\n");
    if (x->close)
        put(out, "Connection: close\r\n");
    if (status != 204) {
        snprintf(line, sizeof line, "Content-Length: %zu\r\n", x->out.len);
        put(out, line);
    }
    put(out, "\r\n");
    if (!is(x->method, "HEAD"))
        li_put(out, written(&x->out));
}

#endif /* MOCK_HTTP_H */
