#pragma once

#include "connection.hpp"
#include "encoding/digest.hpp"

/// Secrets that lie in the store, for all processes that serve it.
namespace rag::sqlite {

/// Makes the key that ids of sessions are signed with, if there is none.
void ensure_session_key(Connection& db, Timestamp now);

/// `corrupt`: it is not there, although opening has made it.
Result<encoding::Digest> session_key(Connection& db);

}  // namespace rag::sqlite
