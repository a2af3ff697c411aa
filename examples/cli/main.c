/* linkedin - LinkedIn from a terminal or a script. make cli; linkedin --help.
   The implementations of linkedin.h and its adapters are in net.c. */
#include "cli.h"

int main(int argc, char **argv)
{
    int count = 0, code = 0;
    char **rest = NULL;
    const cli_command *command = cli_read(argc, argv, &count, &rest, &code);
    if (!command)
        return code;
    code = store_read();
    if (code)
        return code;
    net_begin();
    code = command->run(count, rest);
    if (fflush(stdout) || ferror(stdout)) /* a full disk, a pipe that is gone */
        return complain(CLI_FILE, "standard output", "cannot be written");
    return code;
}
