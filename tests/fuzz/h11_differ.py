#!/usr/bin/python3
"""HTTP beside h11 (Debian's python3-h11), in one batch of a fixed seed.

Answers: from the corpus of the fuzzers, from a grammar that knows what servers
do wrong, and both with bytes changed. linkedin.h and h11 accept the same ones,
with the same status, headers, trailers and body, but for DIFFERENCES below,
each with its reason. Requests: what linkedin.h writes for any li_req that it
takes, h11 accepts as a server, with the same method, target, headers and body.

usage: h11_differ.py DRIVER [ANSWERS [REQUESTS [SEED]]]   (h11_differ.c, built)
"""
import glob
import os
import random
import re
import subprocess
import sys

import h11

# ---- the list: each is a name, why, and whether the bytes are of that kind.
# "strict": linkedin.h refuses what h11 takes; "lenient": the reverse.


def head_of(data):
    """The last head: interim answers before it are cut off."""
    while re.match(rb"HTTP/1\.[0-9] 1(?!01)[0-9][0-9][ \r]", data):
        _, _, data = data.partition(b"\r\n\r\n")
    return data.partition(b"\r\n\r\n")[0] + b"\r\n"


def header(data, name):
    found = re.findall(rb"(?im)^" + name + rb":[ \t]*(.*?)[ \t]*\r$",
                       head_of(data))
    return found


def is_chunked(data):
    return bool(header(data, b"transfer-encoding"))


DIFFERENCES = [
    ("strict", "bare LF",
     "RFC 9112 2.2 lets a reader take it; a line that one reader sees and "
     "another does not is how answers are smuggled",
     lambda d: re.search(rb"(?<!\r)\n", d)),
    ("strict", "folded header",
     "RFC 9112 5.2 has a user agent unfold or refuse; nobody sends it",
     lambda d: re.search(rb"\r\n[ \t]", d)),
    ("strict", "another version",
     "h11 takes any digits; only HTTP/1.x is framed as HTTP/1.1 is",
     lambda d: re.search(rb"(^|\r\n\r\n)HTTP/(?!1\.)", d)),
    ("strict", "control character",
     "RFC 9110 5.5 calls it invalid; h11 takes it for the sake of cookies",
     lambda d: re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)", d)),
    ("strict", "several lengths",
     "RFC 9112 6.3 has 2, 2 taken for 2, or refused; LinkedIn sends one",
     lambda d: len(header(d, b"content-length")) > 1
     or any(b"," in v for v in header(d, b"content-length"))),
    ("strict", "length of more than 64 bits",
     "h11 counts without bound; it shows where a status has no body",
     lambda d: any(len(v) > 18 for v in header(d, b"content-length"))),
    ("strict", "length and chunked",
     "RFC 9112 6.3 warns of an attack and lets a client go on by chunks",
     lambda d: header(d, b"content-length") and is_chunked(d)),
    ("strict", "chunked in HTTP/1.0",
     "RFC 9112 6.1: such framing is to be treated as faulty",
     lambda d: is_chunked(d) and head_of(d).startswith(b"HTTP/1.0")),
    ("strict", "coded body",
     "no coding was asked for: the body would be taken for what it is not",
     lambda d: any(v and v.lower() != b"identity"
                   for v in header(d, b"content-encoding"))),
    ("strict", "space behind a chunk's size",
     "RFC 9112 7.1 has none there; h11 takes it for the sake of some servers",
     lambda d: is_chunked(d) and re.search(rb"[0-9a-fA-F][ \t]+\r\n", d)),
    ("lenient", "space before a chunk's extension",
     "RFC 9112 7.1.1 has a recipient parse it and throw it away",
     lambda d: is_chunked(d) and re.search(rb"[0-9a-fA-F][ \t]+;", d)),
    ("lenient", "framing of an interim answer",
     "it has no body, so that its headers concern nobody",
     lambda d: re.match(rb"HTTP/1\.[0-9] 1", d)),
    ("lenient", "framing in a trailer",
     "RFC 9110 6.5.1: trailers change nothing, whatever they say",
     lambda d: is_chunked(d)
     and re.search(rb"(?i)\r\n0+[^\r]*\r\n(?s:.*)"
                   rb"(content-length|transfer-encoding):", d)),
    ("lenient", "chunk size with many digits",
     "h11 stops at 20; leading zeros mean nothing",
     lambda d: is_chunked(d) and re.search(rb"\r\n0{8}", d)),
]


def explained(kind, data):
    for of, name, _, test in DIFFERENCES:
        if of == kind and test(data):
            return name
    return None


# ---- answers

STATUSES = [b"200 OK", b"201 Created", b"200", b"204 No Content",
            b"304 Not Modified", b"404 Not Found", b"100 Continue",
            b"103 Early Hints", b"101 Switching", b"599 ?", b"999 x", b"099 x",
            b"20 x", b"2000 x", b"200 a\xffb", b"200 a\x01b", b"302 Found",
            b"-20 x", b"200  two", b"200\tx"]
LINES = [b"Content-Type: application/json", b"X-Li-Uuid: a b", b"ETag:\"x\"",
         b"Empty:", b"Spaces:  \t x \t ", b"Connection: close",
         b"Connection: keep-alive, x", b"Content-Length: 5", b"x-a: b\tc",
         b"Content-Length: 0", b"Content-Length: 5, 5", b"Content-Length: +5",
         b"Content-Length: 05", b"Content-Length: 99999999999999999999",
         b"Content-Length: 5 5", b"Content-Length:", b"Content-Length: 0x5",
         b"Transfer-Encoding: chunked", b"Transfer-Encoding: Chunked",
         b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding: xchunked",
         b"Transfer-Encoding: chunked, chunked", b"Transfer-Encoding:",
         b"Transfer-Encoding : chunked", b"Content-Length : 5", b": none",
         b"no colon", b" fold", b"x y: z", b"X: \xe4", b"X: \x00", b"X: \x0b",
         b"Content-Encoding: identity", b"Content-Encoding: gzip",
         b"Location: https://x/", b"Retry-After: 3"]
CHUNKS = [b"5\r\nhello\r\n", b"5;a=b\r\nhello\r\n", b"05\r\nhello\r\n",
          b"5 \r\nhello\r\n", b"5\t;x\r\nhello\r\n", b"A\r\n0123456789\r\n",
          b"5;a=\"b\"\r\nhello\r\n", b"5\r\nhelloX\r\n", b"5\r\nhello\n",
          b"5\nhello\r\n", b"0x5\r\nhello\r\n", b"-5\r\nhello\r\n",
          b" 5\r\nhello\r\n", b"5x\r\nhello\r\n", b"5;a\x01\r\nhello\r\n",
          b"000000000000000000005\r\nhello\r\n", b";\r\n", b"\r\n",
          b"FFFFFFFFFFFFFFFFF\r\nhello\r\n", b"5;a\rb\r\nhello\r\n"]
ENDS = [b"0\r\n\r\n", b"0\r\n\r\n", b"0\r\nX-T: 1\r\n\r\n", b"0;a\r\n\r\n",
        b"0\r\nContent-Length: x\r\n\r\n", b"0\r\n", b"0\n\n", b"",
        b"0\r\nno colon\r\n\r\n", b"0\r\nA: b\r\n c\r\n\r\n", b"00\r\n\r\n"]


def one_of(rng, most):
    """The first of the list more often than the others."""
    return rng.choice(most) if rng.random() < 0.4 else rng.choice(most[:2])


def an_answer(rng):
    out = b""
    for _ in range(3):
        version = b"HTTP/1.1" if rng.random() < 0.9 else rng.choice(
            (b"HTTP/1.0", b"HTTP/2.0", b"HTTP/1.2", b"http/1.1", b"HTTP/0.9"))
        end = b"\r\n" if rng.random() < 0.97 else b"\n"
        status = one_of(rng, STATUSES)
        out += version + b" " + status + end
        chosen = [rng.choice(LINES) for _ in range(rng.randrange(4))]
        framing = rng.randrange(4)
        if framing == 0:
            chosen.append(b"Content-Length: 5")
        elif framing == 1:
            chosen.append(b"Transfer-Encoding: chunked")
        rng.shuffle(chosen)
        out += b"".join(line + end for line in chosen) + end
        if framing == 1:
            for _ in range(rng.randrange(4)):
                out += one_of(rng, CHUNKS)
            out += one_of(rng, ENDS)
        else:
            out += rng.choice((b"hello", b"hello", b"hell", b"", b"hello!"))
        if rng.random() < (0.2 if status.startswith(b"1") else 0.8):
            break
    return out


def changed(rng, data):
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3))):
        at = rng.randrange(len(data) + 1)
        how = rng.randrange(4)
        if how == 0:
            data[at:at + 1] = b""
        elif how == 1:
            data[at:at] = bytes([rng.choice(b"\r\n \t:;0159aAfF,\0\x7f\xff")])
        elif how == 2:
            data[at:] = b""
        elif at < len(data):
            data[at] = rng.randrange(256)
    return bytes(data)


def answers(rng, count):
    here = os.path.dirname(os.path.abspath(__file__))
    kept = []
    for name in sorted(glob.glob(here + "/corpus/http/*")):
        with open(name, "rb") as file:
            kept.append(file.read()[4:])
    for data in kept:
        yield "GET", data
    for _ in range(count):
        base = rng.choice(kept) if kept and rng.random() < 0.2 \
            else an_answer(rng)
        if rng.random() < 0.3:
            base = changed(rng, base)
        yield rng.choice(("GET", "GET", "GET", "HEAD", "POST")), base


def by_h11(method, data):
    """(status, headers and trailers, body), or None and why."""
    us = h11.Connection(our_role=h11.CLIENT)
    us.send(h11.Request(method=method, target="/", headers=[("Host", "a")]))
    us.send(h11.EndOfMessage())
    status, lines, body = 0, [], b""
    try:
        us.receive_data(data)
        at_end = False
        while True:
            event = us.next_event()
            if isinstance(event, h11.Response):
                status = event.status_code
                lines += event.headers.raw_items()
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                return (status, lines + event.headers.raw_items(), body), ""
            elif event is h11.NEED_DATA and not at_end:
                us.receive_data(b"")
                at_end = True
            elif not isinstance(event, h11.InformationalResponse):
                return None, "ends with " + str(event)
    except h11.RemoteProtocolError as error:
        return None, str(error)


def as_text(data):
    return data.hex() or "-"


def of_text(text):
    return b"" if text == "-" else bytes.fromhex(text)


def same_headers(ours, theirs):
    """h11 writes codings in small letters, and ours take off the same space."""
    def plain(lines):
        return [(n.lower(), v.lower() if n.lower() == b"transfer-encoding"
                 else v) for n, v in lines]
    return plain(ours) == plain(theirs)


def judge_answer(method, data, line, seen):
    """None, or what differs although nothing on the list says why."""
    words = line.split()
    ours = None
    if words[0] == "LI_OK":
        texts = [of_text(word) for word in words[2:]]
        ours = int(words[1]), list(zip(texts[1::2], texts[2::2])), texts[0]
    theirs, why = by_h11(method, data)
    seen["accepted" if ours else "refused"] += 1
    if bool(ours) != bool(theirs):
        name = explained("lenient" if ours else "strict", data)
        if name:
            seen[name] += 1
            return None
        return "%s; h11: %s" % (words[0], why or "accepts")
    if ours and (ours[0] != theirs[0] or ours[2] != theirs[2]
                 or not same_headers(ours[1], theirs[1])):
        name = explained("strict", data) or explained("lenient", data)
        if name != "framing of an interim answer":
            return "%r; h11: %r" % (ours, theirs)
    return None


# ---- requests

def a_text(rng, characters, most):
    return "".join(rng.choice(characters)
                   for _ in range(rng.randrange(most))).encode("latin-1")


NAMES = "abcXYZ-_09!#$%&'*+.^`|~"
VALUES = "ab /:;,=\"'()<>@[]{}?\t" + "\xe4\xff" + "09"
PATHS = "abc09-._~!$&'()*+,;=:@/%"
BYTES = "".join(map(chr, range(256)))


def a_request(rng):
    method = rng.choice(("GET", "POST", "PUT", "DELETE", "PATCH", "x-y!"))
    path = b"/" + re.sub(rb"%", b"%2F", a_text(rng, PATHS, 20))
    query = re.sub(rb"%", b"%20", a_text(rng, PATHS + "?", 20))
    how = "m" if method in ("GET", "DELETE") else rng.choice("mrf")
    body = b"" if method in ("GET", "DELETE") else a_text(rng, BYTES, 300)
    if how == "r" and not body:
        body = b"x"
    pairs = []
    for i in range(rng.randrange(4)):
        name = b"X-%d" % i + a_text(rng, NAMES, 9) if how != "f" \
            else b"n%d" % i
        pairs.append((name, a_text(rng, VALUES, 12).strip(b" \t")))
    if how == "f":
        body = b""
        pairs = [(n, re.sub(rb"[\x80-\xff]", b"u", v)) for n, v in pairs]
    return method, path, query, how, body, pairs


def request_line(request):
    method, path, query, how, body, pairs = request
    words = ["R", as_text(method.encode()), as_text(path), as_text(query),
             as_text(how.encode()), as_text(body)]
    for pair in pairs:
        words += [as_text(text) for text in pair]
    return " ".join(words)


def form_of(pairs):
    def coded(text):
        return "".join(chr(c) if chr(c).isalnum() or chr(c) in "-._~"
                       else "%%%02X" % c for c in text)
    return "&".join(coded(n) + "=" + coded(v) for n, v in pairs).encode()


def judge_request(request, line, seen):
    method, path, query, how, body, pairs = request
    words = line.split()
    if words[0] == "LI_E_ARG":
        seen["not a request"] += 1
        return None
    seen["requests"] += 1
    target = path + (b"?" + query if query else b"")
    they = h11.Connection(our_role=h11.SERVER)
    they.receive_data(of_text(words[1]))
    got = they.next_event()
    sent = b""
    while True:
        event = they.next_event()
        if isinstance(event, h11.EndOfMessage):
            break
        sent += bytes(event.data)
    lines = got.headers.raw_items()
    small = [name.lower() for name, _ in lines]
    want = form_of(pairs) if how == "f" else body
    wrong = (got.method != method.encode() or got.target != target
             or sent != want or len(small) != len(set(small))
             or (b"Host", b"api.linkedin.com") not in lines
             or (b"Authorization", b"Bearer TOK") not in lines
             or (want and (b"Content-Length", b"%d" % len(want)) not in lines)
             or (how != "f" and any(p not in lines for p in pairs))
             or they.trailing_data[0])
    return "h11: %r %r %r" % (got, sent, they.trailing_data) if wrong else None


def main():
    driver, *numbers = sys.argv[1:]
    answer_count, request_count, seed = \
        [int(n) for n in numbers] + [30000, 10000, 1][len(numbers):]
    rng = random.Random(seed)
    told = list(answers(rng, answer_count))
    asked = [a_request(rng) for _ in range(request_count)]
    lines = ["A %s %s" % (as_text(m.encode()), as_text(d)) for m, d in told]
    lines += [request_line(request) for request in asked]
    ran = subprocess.run([driver], input="\n".join(lines) + "\n", text=True,
                         stdout=subprocess.PIPE, check=True)
    results = ran.stdout.splitlines()
    seen = {"accepted": 0, "refused": 0, "requests": 0, "not a request": 0}
    seen.update((name, 0) for _, name, _, _ in DIFFERENCES)
    wrong = 0
    for case, line in zip(told + asked, results):
        if len(case) == 2:
            problem = judge_answer(*case, line, seen)
        else:
            problem = judge_request(case, line, seen)
        if problem:
            wrong += 1
            if wrong < 20:
                print("%r\n    %s" % (case, problem))
    for name, times in seen.items():
        print("%6d %s" % (times, name))
    print("%d of %d differ without a reason" % (wrong, len(results)))
    idle = [name for name, times in seen.items()
            if seed == 1 and not times and name != "not a request"]
    if idle:
        print("on the list, but not seen: " + ", ".join(idle))
    sys.exit(wrong > 0 or len(results) != len(lines) or bool(idle))


if __name__ == "__main__":
    main()
