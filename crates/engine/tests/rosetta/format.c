#include <stdio.h>
#include <sys/socket.h>

void greet(int peer) {
    char template[64], out[128];
    long n = recv(peer, template, sizeof template - 1, 0);
    if (n <= 0) {
        return;
    }
    template[n] = 0;
    snprintf(out, sizeof out, template, "you"); // expect: format-string
}

void greet_fixed(int peer) {
    char name[64], out[128];
    long n = recv(peer, name, sizeof name - 1, 0);
    if (n <= 0) {
        return;
    }
    name[n] = 0;
    snprintf(out, sizeof out, "hello %s", name);
}
