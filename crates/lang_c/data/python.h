// What `Python.h` declares of the interface by which extensions of CPython are written, as far as memory goes.

typedef ssize_t Py_ssize_t;
typedef ssize_t Py_hash_t;
typedef int Py_UNICODE;
typedef unsigned int Py_UCS4;
typedef struct _typeobject PyTypeObject;
typedef struct _object { Py_ssize_t ob_refcnt; PyTypeObject *ob_type; } PyObject;
typedef struct { PyObject ob_base; Py_ssize_t ob_size; } PyVarObject;
typedef PyObject *(*PyCFunction)(PyObject *self, PyObject *args);
typedef PyObject *(*PyCFunctionWithKeywords)(PyObject *self, PyObject *args, PyObject *keywords);
typedef PyObject *(*_PyCFunctionFast)(PyObject *self, PyObject *const *args, Py_ssize_t count);
typedef struct PyMethodDef { const char *ml_name; PyCFunction ml_meth; int ml_flags; const char *ml_doc; } PyMethodDef;
typedef struct PyMemberDef { const char *name; int type; Py_ssize_t offset; int flags; const char *doc; } PyMemberDef;
typedef PyObject *(*getter)(PyObject *self, void *closure);
typedef int (*setter)(PyObject *self, PyObject *value, void *closure);
typedef struct PyGetSetDef { const char *name; getter get; setter set; const char *doc; void *closure; } PyGetSetDef;
typedef struct PyModuleDef_Base { PyObject ob_base; PyObject *(*m_init)(void); Py_ssize_t m_index; PyObject *m_copy; } PyModuleDef_Base;
typedef struct PyModuleDef_Slot { int slot; void *value; } PyModuleDef_Slot;
typedef struct PyModuleDef { PyModuleDef_Base m_base; const char *m_name; const char *m_doc; Py_ssize_t m_size; PyMethodDef *m_methods; PyModuleDef_Slot *m_slots; void *m_traverse; void *m_clear; void *m_free; } PyModuleDef;
typedef struct bufferinfo { void *buf; PyObject *obj; Py_ssize_t len; Py_ssize_t itemsize; int readonly; int ndim; char *format; Py_ssize_t *shape; Py_ssize_t *strides; Py_ssize_t *suboffsets; void *internal; } Py_buffer;
typedef int PyGILState_STATE;
typedef struct _ts PyThreadState;
enum { METH_OLDARGS = 0, METH_VARARGS = 1, METH_KEYWORDS = 2, METH_NOARGS = 4, METH_O = 8, METH_CLASS = 16, METH_STATIC = 32, METH_FASTCALL = 128 };
enum { PyBUF_SIMPLE = 0, PyBUF_WRITABLE = 1, PyBUF_FORMAT = 4, PyBUF_ND = 8, PyBUF_STRIDES = 24, PyBUF_CONTIG = 9, PyBUF_CONTIG_RO = 8 };
#define PyModuleDef_HEAD_INIT {{1, NULL}, NULL, 0, NULL}
#define PyMODINIT_FUNC PyObject *
#define Py_LOCAL(type) static type
#define PyDoc_STRVAR(name, text) static const char name[] = text
#define PyDoc_STR(text) text
#define PyObject_HEAD PyObject ob_base;
#define PyObject_VAR_HEAD PyVarObject ob_base;
#define PyVarObject_HEAD_INIT(type, size) {{1, type}, size},
#define Py_INCREF(o) ((void)(o))
#define Py_DECREF(o) ((void)(o))
#define Py_XINCREF(o) ((void)(o))
#define Py_XDECREF(o) ((void)(o))
#define Py_CLEAR(o) ((o) = NULL)
#define Py_UNUSED(name) _unused_ ## name
#define Py_BEGIN_ALLOW_THREADS {
#define Py_END_ALLOW_THREADS }
extern PyObject _Py_NoneStruct;
extern PyObject _Py_TrueStruct;
extern PyObject _Py_FalseStruct;
#define Py_None (&_Py_NoneStruct)
#define Py_True (&_Py_TrueStruct)
#define Py_False (&_Py_FalseStruct)
#define Py_RETURN_NONE return Py_None
#define Py_RETURN_TRUE return Py_True
#define Py_RETURN_FALSE return Py_False
#define Py_SIZE(o) (((PyVarObject *)(o))->ob_size)
#define Py_TYPE(o) (((PyObject *)(o))->ob_type)
extern PyObject *PyExc_Exception;
extern PyObject *PyExc_ValueError;
extern PyObject *PyExc_TypeError;
extern PyObject *PyExc_IndexError;
extern PyObject *PyExc_KeyError;
extern PyObject *PyExc_MemoryError;
extern PyObject *PyExc_OverflowError;
extern PyObject *PyExc_RuntimeError;
extern PyObject *PyExc_SystemError;
extern PyObject *PyExc_OSError;
extern PyObject *PyExc_IOError;
extern PyObject *PyExc_AttributeError;
extern PyObject *PyExc_NotImplementedError;
int PyArg_Parse(PyObject *args, const char *format, ...);
int PyArg_ParseTuple(PyObject *args, const char *format, ...);
int PyArg_ParseTupleAndKeywords(PyObject *args, PyObject *keywords, const char *format, char **names, ...);
int _PyArg_ParseTuple_SizeT(PyObject *args, const char *format, ...);
int PyArg_UnpackTuple(PyObject *args, const char *name, Py_ssize_t min, Py_ssize_t max, ...);
PyObject *Py_BuildValue(const char *format, ...);
PyObject *PyModule_Create(PyModuleDef *module);
PyObject *PyModule_Create2(PyModuleDef *module, int version);
PyObject *PyModuleDef_Init(PyModuleDef *module);
PyObject *Py_InitModule(const char *name, PyMethodDef *methods);
PyObject *Py_InitModule3(const char *name, PyMethodDef *methods, const char *doc);
PyObject *Py_InitModule4(const char *name, PyMethodDef *methods, const char *doc, PyObject *self, int version);
int PyModule_AddObject(PyObject *module, const char *name, PyObject *value);
int PyModule_AddIntConstant(PyObject *module, const char *name, long value);
int PyModule_AddStringConstant(PyObject *module, const char *name, const char *value);
int PyType_Ready(PyTypeObject *type);
char *PyBytes_AsString(PyObject *o);
char *PyBytes_AS_STRING(PyObject *o);
Py_ssize_t PyBytes_Size(PyObject *o);
Py_ssize_t PyBytes_GET_SIZE(PyObject *o);
int PyBytes_AsStringAndSize(PyObject *o, char **buffer, Py_ssize_t *length);
int PyBytes_Check(PyObject *o);
int PyBytes_CheckExact(PyObject *o);
PyObject *PyBytes_FromString(const char *text);
PyObject *PyBytes_FromStringAndSize(const char *bytes, Py_ssize_t length);
int _PyBytes_Resize(PyObject **o, Py_ssize_t length);
char *PyString_AsString(PyObject *o);
char *PyString_AS_STRING(PyObject *o);
Py_ssize_t PyString_Size(PyObject *o);
Py_ssize_t PyString_GET_SIZE(PyObject *o);
int PyString_AsStringAndSize(PyObject *o, char **buffer, Py_ssize_t *length);
PyObject *PyString_FromString(const char *text);
PyObject *PyString_FromStringAndSize(const char *bytes, Py_ssize_t length);
char *PyByteArray_AsString(PyObject *o);
char *PyByteArray_AS_STRING(PyObject *o);
Py_ssize_t PyByteArray_Size(PyObject *o);
Py_ssize_t PyByteArray_GET_SIZE(PyObject *o);
int PyByteArray_Resize(PyObject *o, Py_ssize_t length);
const char *PyUnicode_AsUTF8(PyObject *o);
const char *PyUnicode_AsUTF8AndSize(PyObject *o, Py_ssize_t *length);
PyObject *PyUnicode_AsUTF8String(PyObject *o);
PyObject *PyUnicode_FromString(const char *text);
PyObject *PyUnicode_FromStringAndSize(const char *bytes, Py_ssize_t length);
PyObject *PyUnicode_FromFormat(const char *format, ...);
PyObject *PyUnicode_DecodeUTF8(const char *bytes, Py_ssize_t length, const char *errors);
Py_ssize_t PyUnicode_GetLength(PyObject *o);
int PyUnicode_Check(PyObject *o);
int PyObject_GetBuffer(PyObject *o, Py_buffer *view, int flags);
int PyObject_AsCharBuffer(PyObject *o, const char **buffer, Py_ssize_t *length);
int PyObject_AsReadBuffer(PyObject *o, const void **buffer, Py_ssize_t *length);
int PyObject_AsWriteBuffer(PyObject *o, void **buffer, Py_ssize_t *length);
int PyObject_CheckBuffer(PyObject *o);
void PyBuffer_Release(Py_buffer *view);
long PyLong_AsLong(PyObject *o);
unsigned long PyLong_AsUnsignedLong(PyObject *o);
unsigned long PyLong_AsUnsignedLongMask(PyObject *o);
long long PyLong_AsLongLong(PyObject *o);
unsigned long long PyLong_AsUnsignedLongLong(PyObject *o);
Py_ssize_t PyLong_AsSsize_t(PyObject *o);
size_t PyLong_AsSize_t(PyObject *o);
long PyInt_AsLong(PyObject *o);
Py_ssize_t PyInt_AsSsize_t(PyObject *o);
Py_ssize_t PyNumber_AsSsize_t(PyObject *o, PyObject *error);
PyObject *PyLong_FromLong(long value);
PyObject *PyLong_FromUnsignedLong(unsigned long value);
PyObject *PyLong_FromLongLong(long long value);
PyObject *PyLong_FromSsize_t(Py_ssize_t value);
PyObject *PyLong_FromSize_t(size_t value);
PyObject *PyInt_FromLong(long value);
PyObject *PyBool_FromLong(long value);
PyObject *PyFloat_FromDouble(double value);
double PyFloat_AsDouble(PyObject *o);
int PyLong_Check(PyObject *o);
int PyFloat_Check(PyObject *o);
int PyTuple_Check(PyObject *o);
int PyList_Check(PyObject *o);
int PyDict_Check(PyObject *o);
int PySequence_Check(PyObject *o);
int PyCallable_Check(PyObject *o);
Py_ssize_t PyTuple_Size(PyObject *o);
Py_ssize_t PyTuple_GET_SIZE(PyObject *o);
Py_ssize_t PyList_Size(PyObject *o);
Py_ssize_t PyList_GET_SIZE(PyObject *o);
Py_ssize_t PySequence_Size(PyObject *o);
Py_ssize_t PySequence_Length(PyObject *o);
Py_ssize_t PyObject_Size(PyObject *o);
Py_ssize_t PyObject_Length(PyObject *o);
Py_ssize_t PyDict_Size(PyObject *o);
PyObject *PyTuple_New(Py_ssize_t length);
PyObject *PyTuple_GetItem(PyObject *o, Py_ssize_t at);
PyObject *PyTuple_GET_ITEM(PyObject *o, Py_ssize_t at);
int PyTuple_SetItem(PyObject *o, Py_ssize_t at, PyObject *value);
PyObject *PyList_New(Py_ssize_t length);
PyObject *PyList_GetItem(PyObject *o, Py_ssize_t at);
PyObject *PyList_GET_ITEM(PyObject *o, Py_ssize_t at);
int PyList_SetItem(PyObject *o, Py_ssize_t at, PyObject *value);
int PyList_Append(PyObject *o, PyObject *value);
PyObject *PySequence_GetItem(PyObject *o, Py_ssize_t at);
PyObject *PySequence_Fast(PyObject *o, const char *message);
Py_ssize_t PySequence_Fast_GET_SIZE(PyObject *o);
PyObject *PySequence_Fast_GET_ITEM(PyObject *o, Py_ssize_t at);
PyObject *PyDict_New(void);
PyObject *PyDict_GetItem(PyObject *o, PyObject *key);
PyObject *PyDict_GetItemString(PyObject *o, const char *key);
int PyDict_SetItem(PyObject *o, PyObject *key, PyObject *value);
int PyDict_SetItemString(PyObject *o, const char *key, PyObject *value);
PyObject *PyObject_GetAttrString(PyObject *o, const char *name);
PyObject *PyObject_CallObject(PyObject *o, PyObject *args);
PyObject *PyObject_CallFunction(PyObject *o, const char *format, ...);
PyObject *PyObject_CallMethod(PyObject *o, const char *name, const char *format, ...);
PyObject *PyObject_Str(PyObject *o);
PyObject *PyObject_Repr(PyObject *o);
int PyObject_IsTrue(PyObject *o);
PyObject *PyImport_ImportModule(const char *name);
void *PyMem_Malloc(size_t n);
void *PyMem_Calloc(size_t count, size_t n);
void *PyMem_Realloc(void *p, size_t n);
void PyMem_Free(void *p);
void *PyMem_RawMalloc(size_t n);
void PyMem_RawFree(void *p);
void *PyObject_Malloc(size_t n);
void *PyObject_Realloc(void *p, size_t n);
void PyObject_Free(void *p);
#define PyMem_New(type, n) ((type *)PyMem_Malloc((n) * sizeof(type)))
#define PyMem_NEW(type, n) PyMem_New(type, n)
#define PyMem_MALLOC(n) PyMem_Malloc(n)
#define PyMem_FREE(p) PyMem_Free(p)
#define PyMem_DEL(p) PyMem_Free(p)
void PyErr_SetString(PyObject *type, const char *text);
PyObject *PyErr_Format(PyObject *type, const char *format, ...);
PyObject *PyErr_NoMemory(void);
PyObject *PyErr_SetFromErrno(PyObject *type);
PyObject *PyErr_Occurred(void);
void PyErr_Clear(void);
int PyErr_BadArgument(void);
PyObject *PyErr_NewException(const char *name, PyObject *base, PyObject *dict);
PyThreadState *PyEval_SaveThread(void);
void PyEval_RestoreThread(PyThreadState *state);
PyObject *PyCapsule_New(void *pointer, const char *name, void *destructor);
void *PyCapsule_GetPointer(PyObject *o, const char *name);
