#include "support/fake_conversation_repository.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "support/memory_store.hpp"

namespace rag::test {

class FakeConversationRepository::Impl {
public:
    /// Runs `work` on the store, unless this call is to fail or comes too late. No coroutine is
    /// suspended in here, so a plain mutex will do.
    template <class Work>
    auto run(const std::string& call, const CallContext& context, Work work)
        -> std::invoke_result_t<Work, MemoryStore&> {
        if (const std::function<void()> action = take_action(call)) action();
        const std::lock_guard lock(mutex_);
        ++calls_[call];
        if (const auto failure = failures_.find(call); failure != failures_.end()) {
            return fail(failure->second, "The store does not do this now.");
        }
        if (std::chrono::steady_clock::now() >= context.deadline) {
            return fail(ErrorCode::timeout, "The deadline has passed.");
        }
        return work(store_);
    }

    std::function<void()> take_action(const std::string& call) {
        const std::lock_guard lock(mutex_);
        return std::exchange(actions_[call], nullptr);
    }

    mutable std::mutex mutex_;
    std::map<std::string, std::function<void()>> actions_;
    MemoryStore store_;
    std::map<std::string, ErrorCode> failures_;
    std::map<std::string, int> calls_;
    StoreStatus status_{StoreStatus::State::healthy, 0.1, {}, 0, 0, 1, 1, 0, 0};
    ChunkQuery last_query_;
    SearchPromise promise_;
    std::size_t read_bytes_max_ = std::numeric_limits<std::size_t>::max();
};

FakeConversationRepository::FakeConversationRepository() : impl_(std::make_unique<Impl>()) {}
FakeConversationRepository::~FakeConversationRepository() = default;

Task<Result<std::optional<WriteAnswer>>> FakeConversationRepository::find_answer(
    std::vector<WriteKey> keys, std::array<std::uint8_t, 32> body_digest, CallContext context
) {
    co_return impl_->run("find_answer", context, [&](MemoryStore& store) {
        return store.find_answer(keys, body_digest);
    });
}

Task<Result<std::optional<WriteOutcome>>> FakeConversationRepository::find_duplicate(
    const Conversation& conversation, CallContext context
) {
    using Answer = Result<std::optional<WriteOutcome>>;
    co_return impl_->run("find_duplicate", context, [&](MemoryStore& store) -> Answer {
        return store.find_duplicate(conversation);
    });
}

Task<Result<WriteAnswer>> FakeConversationRepository::save(
    NewConversation conversation, WriteContext write, CallContext context
) {
    co_return impl_->run("save", context, [&](MemoryStore& store) {
        return store.save(std::move(conversation), write);
    });
}

Task<Result<WriteAnswer>> FakeConversationRepository::save_duplicate(
    WriteOutcome outcome, WriteContext write, CallContext context
) {
    co_return impl_->run("save_duplicate", context, [&](MemoryStore& store) {
        return store.save_duplicate(std::move(outcome), write);
    });
}

Task<Result<WriteAnswer>> FakeConversationRepository::append(
    NewMessages messages, std::size_t messages_max, WriteContext write, CallContext context
) {
    co_return impl_->run("append", context, [&](MemoryStore& store) {
        return store.append(std::move(messages), messages_max, write);
    });
}

Task<Result<WriteAnswer>> FakeConversationRepository::remove(
    ConversationId id, WriteContext write, CallContext context
) {
    co_return impl_->run("remove", context, [&](MemoryStore& store) {
        return store.remove(id, write);
    });
}

Task<Result<CandidateSet>> FakeConversationRepository::candidates(
    ChunkQuery query, CallContext context
) {
    co_return impl_->run("candidates", context, [&](MemoryStore& store) -> Result<CandidateSet> {
        impl_->last_query_ = query;
        return store.candidates(query);
    });
}

Task<Result<std::vector<LoadedChunk>>> FakeConversationRepository::load(
    std::vector<ChunkId> ids,
    std::size_t context_messages,
    std::size_t bytes_max,
    CallContext context
) {
    using Answer = Result<std::vector<LoadedChunk>>;
    co_return impl_->run("load", context, [&](MemoryStore& store) -> Answer {
        return store.load(ids, context_messages, std::min(bytes_max, impl_->read_bytes_max_));
    });
}

Task<Result<ConversationPage>> FakeConversationRepository::list(
    ListQuery query, CallContext context
) {
    co_return impl_->run("list", context, [&](MemoryStore& store) -> Result<ConversationPage> {
        return store.list(query);
    });
}

Task<Result<ConversationSummary>> FakeConversationRepository::get(
    ConversationId id, CallContext context
) {
    co_return impl_->run("get", context, [&](MemoryStore& store) { return store.get(id); });
}

Task<Result<std::vector<StoredChunk>>> FakeConversationRepository::chunks(
    ConversationId id, std::size_t bytes_max, CallContext context
) {
    co_return impl_->run("chunks", context, [&](MemoryStore& store) {
        return store.chunks(id, std::min(bytes_max, impl_->read_bytes_max_));
    });
}

Task<Result<std::vector<StoredMessage>>> FakeConversationRepository::messages(
    ConversationId id, MessageRange range, std::size_t bytes_max, CallContext context
) {
    co_return impl_->run("messages", context, [&](MemoryStore& store) {
        return store.messages(id, range, std::min(bytes_max, impl_->read_bytes_max_));
    });
}

Task<Result<void>> FakeConversationRepository::use_space(
    EmbeddingSpace space, CallContext context
) {
    co_return impl_->run("use_space", context, [&](MemoryStore& store) -> Result<void> {
        store.use_space(space);
        return {};
    });
}

Task<Result<StoreCounts>> FakeConversationRepository::counts(CallContext context) {
    co_return impl_->run("counts", context, [](MemoryStore& store) -> Result<StoreCounts> {
        return store.counts();
    });
}

Task<Result<VerifyReport>> FakeConversationRepository::verify(CallContext context) {
    co_return impl_->run("verify", context, [](MemoryStore& store) -> Result<VerifyReport> {
        return store.verify();
    });
}

StoreStatus FakeConversationRepository::status() const {
    const std::lock_guard lock(impl_->mutex_);
    StoreStatus status = impl_->status_;
    status.chunks_without_embedding = impl_->store_.counts().chunks_without_embedding;
    return status;
}

void FakeConversationRepository::fail_with(const std::string& call, ErrorCode code) {
    const std::lock_guard lock(impl_->mutex_);
    impl_->failures_[call] = code;
}

void FakeConversationRepository::before(const std::string& call, std::function<void()> action) {
    const std::lock_guard lock(impl_->mutex_);
    impl_->actions_[call] = std::move(action);
}

void FakeConversationRepository::recover() {
    const std::lock_guard lock(impl_->mutex_);
    impl_->failures_.clear();
}

int FakeConversationRepository::calls(const std::string& call) const {
    const std::lock_guard lock(impl_->mutex_);
    const auto found = impl_->calls_.find(call);
    return found == impl_->calls_.end() ? 0 : found->second;
}

void FakeConversationRepository::set_status(StoreStatus status) {
    const std::lock_guard lock(impl_->mutex_);
    impl_->status_ = std::move(status);
}

void FakeConversationRepository::pass_time(std::chrono::milliseconds time) {
    const std::lock_guard lock(impl_->mutex_);
    impl_->store_.pass_time(time);
}

void FakeConversationRepository::bound_reads(std::size_t bytes_max) {
    const std::lock_guard lock(impl_->mutex_);
    impl_->read_bytes_max_ = bytes_max;
}

SearchPromise FakeConversationRepository::search_promise() const {
    const std::lock_guard lock(impl_->mutex_);
    return impl_->promise_;
}

void FakeConversationRepository::overlook_each(std::size_t nth, SearchPromise promise) {
    const std::lock_guard lock(impl_->mutex_);
    impl_->store_.overlook_each(nth);
    impl_->promise_ = promise;
}

ChunkQuery FakeConversationRepository::last_query() const {
    const std::lock_guard lock(impl_->mutex_);
    return impl_->last_query_;
}

}  // namespace rag::test
