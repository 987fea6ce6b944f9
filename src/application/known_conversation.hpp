#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "application/ports/conversation_repository.hpp"
#include "application/ports/work_pool.hpp"

namespace rag {

/// What a stored conversation's messages are beside those that its sender sends now.
struct Comparison {
    std::optional<std::size_t> differs;   // The first that is another message.
    std::vector<ChangedMessage> changed;  // The same one, of which something else is said now.
};

/// A stored conversation, read in pieces of bounded size. What is read of it is not one snapshot: a
/// change that is made of it names the fingerprint that it was looked up with.
class KnownConversation {
public:
    /// All that is passed outlives it.
    KnownConversation(ConversationRepository& repository, WorkPool& pool, ConversationSummary found)
        : repository_(repository), pool_(pool), found_(std::move(found)) {}

    const ConversationSummary& found() const { return found_; }

    /// As far as both go. Errors are the store's.
    Task<Result<Comparison>> compare(const std::vector<Message>& sent, CallContext context) const;

    /// Of the conversation with this header and these messages in place of its own.
    Task<Result<encoding::Digest>> fingerprint_with(
        const ConversationHeader& header,
        const std::vector<ChangedMessage>& changed,
        CallContext context
    ) const;

    /// Which of these `external_id`s some message of it has, in the order asked.
    Task<Result<std::vector<bool>>> has_external_ids(
        const std::vector<Message>& sent, CallContext context
    ) const;

private:
    /// From `first` on, at least one (if there is one), with canonical metadata.
    Task<Result<std::vector<StoredMessage>>> read_from(std::int64_t first, CallContext context)
        const;

    ConversationRepository& repository_;
    WorkPool& pool_;
    ConversationSummary found_;
};

/// The same metadata with its canonical form, which stores do not keep.
Metadata with_canonical_form(Metadata metadata);

}  // namespace rag
