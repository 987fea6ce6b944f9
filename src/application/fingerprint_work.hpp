#pragma once

#include <optional>

#include "application/call_context.hpp"
#include "application/ports/work_pool.hpp"
#include "application/task.hpp"
#include "domain/conversation.hpp"
#include "encoding/digest.hpp"

namespace rag {

struct Fingerprinted {
    Conversation content;  // As it came.
    encoding::Digest fingerprint{};
};

/// The fingerprint of the content, or that of `so_far` with the content's messages appended. Long
/// content is hashed on the pool, whose errors it answers.
Task<Result<Fingerprinted>> make_fingerprint(
    WorkPool& pool,
    Conversation content,
    std::optional<encoding::Digest> so_far,
    CallContext context
);

}  // namespace rag
