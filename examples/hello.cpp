// Says hello, in C++11 and later. linkedin.h is C: a struct is made empty by
// "= {}" and its members are set by name; what C leaves to the programmer, the
// end of a connection, a small type of your own does.
//   c++ -I. examples/hello.cpp -lcurl -o hello
// LINKEDIN_TOKEN: the token; LINKEDIN_BASE: another host than LinkedIn's, as
// the mock prints it. Exit code: 0 greeted; 1 not, and standard error says why.
#define LINKEDIN_IMPLEMENTATION
#include "linkedin.h"
#include "adapters/linkedin_curl.h"
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

// A connection, closed where it goes out of scope; it is not copied.
class Connection {
    li_curl curl = {};
    li_transport via = li_curl_transport(&curl);
public:
    Connection() = default;
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;
    ~Connection()
    {
        li_hangup(&via);
        li_curl_free(&curl);
    }
    li_rc run(li_call &call, const li_client &me, const li_req &req,
              std::vector<char> &buf)
    {
        return li_do(&call, &me, &req, buf.data(), buf.size(), &via);
    }
};

static std::string text_of(li_str s) { return {s.ptr, s.len}; }

int main()
{
    li_client me = {};
    me.access_token = std::getenv("LINKEDIN_TOKEN");
    me.api_base = std::getenv("LINKEDIN_BASE");
    me.version = "202609";

    li_req req = {};
    req.path = "/v2/userinfo";

    std::vector<char> buf(16384);
    char text[2048]; // what the profile's views point into
    li_buf out = LI_BUF(text);
    Connection connection;
    li_call call;
    li_profile who = {};
    li_rc rc = connection.run(call, me, req, buf);
    if (rc == LI_OK) rc = li_profile_read(&who, &call, &out);
    if (rc == LI_OK) {
        std::cout << "Hello, " << text_of(who.name) << "!" << std::endl;
        return std::cout ? 0 : 1;
    }
    li_explain(&call, rc, &out);
    std::cerr << text << '\n';
    return 1;
}
