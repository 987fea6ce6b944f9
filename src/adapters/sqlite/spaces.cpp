#include "spaces.hpp"

#include "sql.hpp"

namespace rag::sqlite {

EmbeddingSpace current_space(Connection& db) {
    Cursor row = db.query(sql::kCurrentSpace);
    if (!row.next()) return {};
    return {row.text(0), row.text(1), static_cast<std::size_t>(row.integer(2)), row.text(3)};
}

void set_current_space(Connection& db, const EmbeddingSpace& space) {
    db.run(sql::kSetCurrentSpace, space.provider, space.model, space.dimension, space.fingerprint);
}

std::int64_t find_space(TenantConnection& db, const EmbeddingSpace& space) {
    return db.integer(
        sql::kFindSpace, space.provider, space.model, space.dimension, space.fingerprint
    );
}

std::int64_t find_or_add_space(TenantConnection& db, const EmbeddingSpace& space) {
    if (const std::int64_t id = find_space(db, space); id != 0) return id;
    return db.integer(
        sql::kInsertSpace, space.provider, space.model, space.dimension, space.fingerprint
    );
}

}  // namespace rag::sqlite
