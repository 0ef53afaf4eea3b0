/* The floor of a single hop: reads and writes back, one connection after the other. Tells its port on stdout. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int door = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  if (bind(door, (struct sockaddr *)&address, size) || listen(door, 8)) return 1;
  getsockname(door, (struct sockaddr *)&address, &size);
  printf("port %d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    static char bytes[65536];
    ssize_t count;
    int peer = accept(door, 0, 0);
    setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    while ((count = read(peer, bytes, sizeof bytes)) > 0) {
      for (ssize_t at = 0, sent; at < count; at += sent)
        if ((sent = write(peer, bytes + at, count - at)) <= 0) return 1;
    }
    close(peer);
  }
}
