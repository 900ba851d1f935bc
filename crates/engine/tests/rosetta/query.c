#include <sqlite3.h>
#include <stdio.h>
#include <sys/socket.h>

int remove_user(sqlite3 *db, int peer) {
    char name[64], query[128];
    long n = recv(peer, name, sizeof name - 1, 0);
    if (n <= 0) {
        return -1;
    }
    name[n] = 0;
    snprintf(query, sizeof query, "DELETE FROM users WHERE name = '%s'", name);
    return sqlite3_exec(db, query, NULL, NULL, NULL); // expect: sql-injection
}

int remove_bound(sqlite3 *db, int peer) {
    char name[64];
    sqlite3_stmt *statement;
    long n = recv(peer, name, sizeof name - 1, 0);
    if (n <= 0) {
        return -1;
    }
    name[n] = 0;
    if (sqlite3_prepare_v2(db, "DELETE FROM users WHERE name = ?", -1, &statement, NULL) != 0) {
        return -1;
    }
    return sqlite3_bind_text(statement, 1, name, (int)n, NULL);
}
