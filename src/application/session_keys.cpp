#include "application/session_keys.hpp"

#include <utility>

namespace rag {

Task<Result<encoding::Digest>> SessionKeys::run(CallContext context) {
    std::optional<encoding::Digest> known;
    {
        const std::lock_guard lock(mutex_);
        known = known_;
    }
    if (known) co_return *known;
    Result<encoding::Digest> key = co_await repository_.session_key(std::move(context));
    if (key) {
        const std::lock_guard lock(mutex_);
        known_ = *key;
    }
    co_return key;
}

}  // namespace rag
