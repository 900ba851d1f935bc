/* Parses MAC addresses. */
#include <stdlib.h>
#include <string.h>

#define MAC_LENGTH 18

/* Copies a text of any length into a buffer of fixed size. */
int normalise(const char *text, char *out)
{
    char buffer[MAC_LENGTH];
    size_t i;

    strcpy(buffer, text);
    for (i = 0; buffer[i] != '\0'; i++) {
        if (buffer[i] == '-')
            buffer[i] = ':';
    }
    memcpy(out, buffer, MAC_LENGTH);
    return 0;
}

/* The same with the length checked before. */
int normalise_checked(const char *text, char *out)
{
    size_t i, length = strlen(text);

    if (length >= MAC_LENGTH)
        return -1;
    for (i = 0; i <= length; i++)
        out[i] = text[i] == '-' ? ':' : text[i];
    return 0;
}

/* The product may overflow, and the result of malloc is not checked. */
unsigned char *parse_all(const char **texts, unsigned int count)
{
    unsigned char *table = malloc(count * MAC_LENGTH);
    unsigned int i;

    for (i = 0; i < count; i++)
        normalise_checked(texts[i], (char *)table + i * MAC_LENGTH);
    return table;
}
