// What headers of libraries declare that much code is written with, as far as memory goes.

// GLib
typedef char gchar;
typedef short gshort;
typedef long glong;
typedef int gint;
typedef int gboolean;
typedef unsigned char guchar;
typedef unsigned short gushort;
typedef unsigned long gulong;
typedef unsigned int guint;
typedef float gfloat;
typedef double gdouble;
typedef void *gpointer;
typedef const void *gconstpointer;
typedef signed char gint8;
typedef unsigned char guint8;
typedef short gint16;
typedef unsigned short guint16;
typedef int gint32;
typedef unsigned int guint32;
typedef long gint64;
typedef unsigned long guint64;
typedef long gssize;
typedef unsigned long gsize;
typedef long goffset;
typedef unsigned int gunichar;
typedef guint32 GQuark;
typedef struct _GList { gpointer data; struct _GList *next; struct _GList *prev; } GList;
typedef struct _GSList { gpointer data; struct _GSList *next; } GSList;
typedef struct _GString { gchar *str; gsize len; gsize allocated_len; } GString;
typedef struct _GArray { gchar *data; guint len; } GArray;
typedef struct _GByteArray { guint8 *data; guint len; } GByteArray;
typedef struct _GPtrArray { gpointer *pdata; guint len; } GPtrArray;
typedef struct _GError { GQuark domain; gint code; gchar *message; } GError;
enum { G_MAXINT = 2147483647, G_MININT = -2147483647 - 1 };
enum { FALSE = 0, TRUE = 1 };
#define G_MAXUINT 4294967295U
#define G_MAXUINT8 255
#define G_MAXUINT16 65535
#define G_MAXUINT32 4294967295U
#define G_MAXINT32 2147483647
#define G_MAXSIZE 18446744073709551615UL
#define G_MAXUINT64 18446744073709551615UL
#define G_MAXINT64 9223372036854775807L
#define G_LIKELY(e) (e)
#define G_UNLIKELY(e) (e)
#define G_N_ELEMENTS(a) (sizeof(a) / sizeof((a)[0]))
#define G_BEGIN_DECLS
#define G_END_DECLS
#define G_GNUC_UNUSED
#define G_STMT_START do
#define G_STMT_END while (0)
#define g_assert(e) do { if (!(e)) abort(); } while (0)
#define g_assert_not_reached() abort()
#define g_return_if_fail(e) do { if (!(e)) return; } while (0)
#define g_return_val_if_fail(e, v) do { if (!(e)) return (v); } while (0)
#define g_new(type, n) ((type *)g_malloc_n((n), sizeof(type)))
#define g_new0(type, n) ((type *)g_malloc0_n((n), sizeof(type)))
#define g_try_new(type, n) ((type *)g_try_malloc_n((n), sizeof(type)))
#define g_try_new0(type, n) ((type *)g_try_malloc0_n((n), sizeof(type)))
#define g_renew(type, p, n) ((type *)g_realloc_n((p), (n), sizeof(type)))
#define g_slice_new(type) ((type *)g_malloc(sizeof(type)))
#define g_slice_new0(type) ((type *)g_malloc0(sizeof(type)))
#define g_slice_free(type, p) g_free(p)
#define g_array_index(a, type, i) (((type *)(void *)(a)->data)[(i)])
#define g_ptr_array_index(a, i) ((a)->pdata)[i]
gpointer g_malloc(gsize n);
gpointer g_malloc0(gsize n);
gpointer g_try_malloc(gsize n);
gpointer g_try_malloc0(gsize n);
gpointer g_malloc_n(gsize count, gsize n);
gpointer g_malloc0_n(gsize count, gsize n);
gpointer g_try_malloc_n(gsize count, gsize n);
gpointer g_try_malloc0_n(gsize count, gsize n);
gpointer g_realloc(gpointer p, gsize n);
gpointer g_try_realloc(gpointer p, gsize n);
gpointer g_realloc_n(gpointer p, gsize count, gsize n);
void g_free(gpointer p);
gpointer g_memdup(gconstpointer p, guint n);
gpointer g_memdup2(gconstpointer p, gsize n);
gchar *g_strdup(const gchar *text);
gchar *g_strndup(const gchar *text, gsize n);
gchar *g_strdup_printf(const gchar *format, ...);
gint g_snprintf(gchar *to, gulong n, const gchar *format, ...);
gsize g_strlcpy(gchar *to, const gchar *from, gsize n);
guint64 g_ascii_strtoull(const gchar *text, gchar **end, guint base);
gint64 g_ascii_strtoll(const gchar *text, gchar **end, guint base);
int g_strcmp0(const char *a, const char *b);

// GStreamer
#define GST_READ_UINT8(p) (*(const guint8 *)(p))
#define GST_READ_UINT16_LE(p) ((guint16)(((const guint8 *)(p))[0] | ((const guint8 *)(p))[1] << 8))
#define GST_READ_UINT16_BE(p) ((guint16)(((const guint8 *)(p))[1] | ((const guint8 *)(p))[0] << 8))
#define GST_READ_UINT24_BE(p) ((guint32)(((const guint8 *)(p))[2] | ((const guint8 *)(p))[1] << 8 | ((const guint8 *)(p))[0] << 16))
#define GST_READ_UINT24_LE(p) ((guint32)(((const guint8 *)(p))[0] | ((const guint8 *)(p))[1] << 8 | ((const guint8 *)(p))[2] << 16))
#define GST_READ_UINT32_LE(p) (*(const guint32 *)(p))
#define GST_READ_UINT32_BE(p) __builtin_bswap32(*(const guint32 *)(p))
#define GST_READ_UINT64_LE(p) (*(const guint64 *)(p))
#define GST_READ_UINT64_BE(p) __builtin_bswap64(*(const guint64 *)(p))
#define QT_UINT8(p) GST_READ_UINT8(p)
#define QT_UINT16(p) GST_READ_UINT16_BE(p)
#define QT_UINT24(p) GST_READ_UINT24_BE(p)
#define QT_UINT32(p) GST_READ_UINT32_BE(p)
#define QT_UINT64(p) GST_READ_UINT64_BE(p)
typedef struct { gpointer mini[8]; } GstMiniObject;
typedef struct _GstMapInfo { gpointer memory; gint flags; guint8 *data; gsize size; gsize maxsize; gpointer user_data[4]; } GstMapInfo;
typedef struct _GstByteReader { const guint8 *data; guint size; guint byte; } GstByteReader;
typedef struct _GstBitReader { const guint8 *data; guint size; guint byte; guint bit; } GstBitReader;
typedef struct _GstBuffer GstBuffer;
gboolean gst_buffer_map(GstBuffer *buffer, GstMapInfo *info, int flags);
void gst_buffer_unmap(GstBuffer *buffer, GstMapInfo *info);
gboolean gst_byte_reader_get_uint8(GstByteReader *reader, guint8 *val);
gboolean gst_byte_reader_get_uint16_le(GstByteReader *reader, guint16 *val);
gboolean gst_byte_reader_get_uint16_be(GstByteReader *reader, guint16 *val);
gboolean gst_byte_reader_get_uint32_le(GstByteReader *reader, guint32 *val);
gboolean gst_byte_reader_get_uint32_be(GstByteReader *reader, guint32 *val);
gboolean gst_byte_reader_get_uint24_be(GstByteReader *reader, guint32 *val);
gboolean gst_byte_reader_get_uint64_le(GstByteReader *reader, guint64 *val);
gboolean gst_byte_reader_get_uint64_be(GstByteReader *reader, guint64 *val);
gboolean gst_bit_reader_get_bits_uint8(GstBitReader *reader, guint8 *val, guint n);
gboolean gst_bit_reader_get_bits_uint16(GstBitReader *reader, guint16 *val, guint n);
gboolean gst_bit_reader_get_bits_uint32(GstBitReader *reader, guint32 *val, guint n);
gboolean gst_bit_reader_get_bits_uint64(GstBitReader *reader, guint64 *val, guint n);

// zlib
typedef unsigned char Byte;
typedef unsigned int uInt;
typedef unsigned long uLong;
typedef unsigned char Bytef;
typedef unsigned long uLongf;
typedef void *voidp;
typedef void *voidpf;
typedef const void *voidpc;
typedef struct z_stream_s { const Bytef *next_in; uInt avail_in; uLong total_in; Bytef *next_out; uInt avail_out; uLong total_out; const char *msg; void *state; void *zalloc; void *zfree; voidpf opaque; int data_type; uLong adler; uLong reserved; } z_stream;
typedef z_stream *z_streamp;
typedef struct gzFile_s *gzFile;
enum { Z_OK = 0, Z_STREAM_END = 1, Z_NEED_DICT = 2, Z_ERRNO = -1, Z_STREAM_ERROR = -2, Z_DATA_ERROR = -3, Z_MEM_ERROR = -4, Z_BUF_ERROR = -5, Z_NO_FLUSH = 0, Z_SYNC_FLUSH = 2, Z_FINISH = 4 };
#define Z_NULL 0
int uncompress(Bytef *to, uLongf *length, const Bytef *from, uLong n);
int compress(Bytef *to, uLongf *length, const Bytef *from, uLong n);
gzFile gzopen(const char *path, const char *mode);
int gzread(gzFile file, voidp to, unsigned n);
char *gzgets(gzFile file, char *to, int n);
int gzgetc(gzFile file);

// OpenSSL
typedef struct ssl_st SSL;
typedef struct bio_st BIO;
int SSL_read(SSL *ssl, void *to, int n);
int BIO_read(BIO *bio, void *to, int n);
int BIO_gets(BIO *bio, char *to, int n);

// SQLite, MySQL, PostgreSQL
typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;
typedef struct st_mysql MYSQL;
typedef struct pg_conn PGconn;
typedef struct pg_result PGresult;
int sqlite3_exec(sqlite3 *db, const char *sql, int (*callback)(void *, int, char **, char **), void *arg, char **error);
int sqlite3_prepare(sqlite3 *db, const char *sql, int n, sqlite3_stmt **statement, const char **tail);
int sqlite3_prepare_v2(sqlite3 *db, const char *sql, int n, sqlite3_stmt **statement, const char **tail);
int sqlite3_bind_text(sqlite3_stmt *statement, int at, const char *text, int n, void (*destructor)(void *));
int mysql_query(MYSQL *db, const char *sql);
int mysql_real_query(MYSQL *db, const char *sql, unsigned long n);
PGresult *PQexec(PGconn *db, const char *sql);

// OpenSSL: code for several versions is read as for that of today.
#define OPENSSL_VERSION_NUMBER 0x30000000L

// OpenSSL, libcurl
#define SSL_VERIFY_NONE 0
#define SSL_VERIFY_PEER 1
#define CURLOPT_SSL_VERIFYPEER 64
#define CURLOPT_SSL_VERIFYHOST 81
#define MD5_DIGEST_LENGTH 16
#define SHA_DIGEST_LENGTH 20
#define SHA256_DIGEST_LENGTH 32
