#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int show(int peer) {
    char name[64], command[128];
    long n = recv(peer, name, sizeof name - 1, 0);
    if (n <= 0) {
        return 0;
    }
    name[n] = 0;
    snprintf(command, sizeof command, "ip link show %s", name);
    return system(command); // expect: command-injection
}

int show_known(int peer) {
    char name[64], command[128];
    long n = recv(peer, name, sizeof name - 1, 0);
    if (n <= 0) {
        return 0;
    }
    name[n] = 0;
    if (strcmp(name, "eth0") != 0) {
        return 0;
    }
    snprintf(command, sizeof command, "ip link show %s", name);
    return system(command);
}
