/* The package is found, and works: a text is encoded. */
#define LINKEDIN_IMPLEMENTATION
#include <linkedin.h>

int main(void)
{
    char text[16];
    li_buf out = LI_BUF(text);
    return li_percent_encode(LI_STR("a b"), &out) ||
           !li_equal(LI_VIEW(text, out.len), LI_STR("a%20b"));
}
