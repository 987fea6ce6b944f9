#include "secrets.hpp"

#include <algorithm>
#include <string_view>

#include "encoding/random_id.hpp"
#include "sql.hpp"

namespace rag::sqlite {

namespace {

constexpr std::string_view kSessionKey = "session_key";

}  // namespace

void ensure_session_key(Connection& db, Timestamp now) {
    if (db.query(sql::kFindSecret, kSessionKey).next()) return;
    db.run(sql::kBeginWrite);
    db.run(sql::kAddSecret, kSessionKey, Blob(encoding::random_secret()), now);
    db.run(sql::kCommit);
}

Result<encoding::Digest> session_key(Connection& db) {
    Cursor row = db.query(sql::kFindSecret, kSessionKey);
    encoding::Digest key{};
    if (!row.next() || row.blob(0).size() != key.size()) {
        return fail(ErrorCode::corrupt, "The store is damaged; run `mcp-backend verify`.");
    }
    std::ranges::copy(row.blob(0), key.begin());
    return key;
}

}  // namespace rag::sqlite
