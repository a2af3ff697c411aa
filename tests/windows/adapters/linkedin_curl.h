/* Debian has no libcurl for mingw-w64: the examples that take libcurl are tried
   over Winsock instead, under the names that they use. */
#include "../../../adapters/linkedin_platform.h"
#include "../../../adapters/linkedin_socket.h"
#define li_curl li_socket
#define li_curl_transport li_socket_transport
#define li_curl_free(socket) ((void)(socket))
