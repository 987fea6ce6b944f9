#pragma once

#include "application/ports/conversation_repository.hpp"

namespace rag {

/// Checks that what is stored is whole.
class VerifyStore {
public:
    explicit VerifyStore(ConversationRepository& repository) : repository_(repository) {}

    Task<Result<VerifyReport>> run(CallContext context) { return repository_.verify(context); }

private:
    ConversationRepository& repository_;
};

}  // namespace rag
