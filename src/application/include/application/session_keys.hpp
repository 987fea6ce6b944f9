#pragma once

#include <mutex>
#include <optional>

#include "application/ports/conversation_repository.hpp"

namespace rag {

/// The key that ids of sessions are signed with. It lies in the store and never changes there, so
/// it is read once. Thread-safe.
class SessionKeys {
public:
    explicit SessionKeys(ConversationRepository& repository) : repository_(repository) {}

    /// What `ConversationRepository::session_key` says.
    Task<Result<encoding::Digest>> run(CallContext context);

private:
    ConversationRepository& repository_;
    std::mutex mutex_;
    std::optional<encoding::Digest> known_;
};

}  // namespace rag
