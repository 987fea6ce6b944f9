#pragma once

#include "connection.hpp"

/// What a failure of the writing connection leaves behind.
namespace rag::sqlite {

/// The transaction is gone, or nobody knows what is on disk.
inline bool ends_transaction(const SqliteError& failure) {
    switch (failure.code() & 0xff) {
        case SQLITE_IOERR:
        case SQLITE_FULL:
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_NOMEM:
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
            return true;
        default:
            return false;
    }
}

/// Without space, or while somebody else holds the file, nothing was written; any other failure
/// leaves open what the disk holds.
inline bool wrote_nothing(const SqliteError& failure) {
    const int code = failure.code() & 0xff;
    return code == SQLITE_FULL || code == SQLITE_BUSY;
}

}  // namespace rag::sqlite
