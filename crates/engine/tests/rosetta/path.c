#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

FILE *fetch(int peer) {
    char name[64], path[128];
    long n = recv(peer, name, sizeof name - 1, 0);
    if (n <= 0) {
        return NULL;
    }
    name[n] = 0;
    snprintf(path, sizeof path, "/srv/files/%s", name);
    return fopen(path, "r"); // expect: path-traversal
}

FILE *fetch_checked(int peer) {
    char name[64], path[128];
    long n = recv(peer, name, sizeof name - 1, 0);
    if (n <= 0) {
        return NULL;
    }
    name[n] = 0;
    if (strcmp(name, "index") != 0) {
        return NULL;
    }
    snprintf(path, sizeof path, "/srv/files/%s", name);
    return fopen(path, "r");
}
