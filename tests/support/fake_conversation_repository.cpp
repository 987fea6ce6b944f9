#include "support/fake_conversation_repository.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include "support/memory_store.hpp"

namespace rag::test {

namespace {

void add(StoreCounts& sum, const StoreCounts& counts) {
    sum.conversations += counts.conversations;
    sum.messages += counts.messages;
    sum.chunks += counts.chunks;
    sum.chunks_without_embedding += counts.chunks_without_embedding;
}

}  // namespace

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
        contexts_.insert_or_assign(call, context);
        if (const auto failure = failures_.find(call); failure != failures_.end()) {
            return fail(failure->second, "The store does not do this now.");
        }
        if (std::chrono::steady_clock::now() >= context.deadline) {
            return fail(ErrorCode::timeout, "The deadline has passed.");
        }
        return work(store_of(context.tenant()));
    }

    /// A tenant's store, made when it is first asked for.
    MemoryStore& store_of(const TenantId& tenant) {
        const auto [place, added] = stores_.try_emplace(tenant);
        if (added) {
            place->second.use_space(space_);
            place->second.pass_time(passed_);
            place->second.overlook_each(overlook_);
        }
        return place->second;
    }

    template <class Sum, class Add>
    Sum sum_of_all(Sum sum, Add add) const {
        for (const auto& [tenant, store] : stores_) add(sum, store);
        return sum;
    }

    std::function<void()> take_action(const std::string& call) {
        const std::lock_guard lock(mutex_);
        return std::exchange(actions_[call], nullptr);
    }

    mutable std::mutex mutex_;
    std::map<std::string, std::function<void()>> actions_;
    std::map<TenantId, MemoryStore> stores_;
    EmbeddingSpace space_;
    std::chrono::milliseconds passed_{0};
    std::size_t overlook_ = 0;
    std::map<std::string, ErrorCode> failures_;
    std::map<std::string, int> calls_;
    std::map<std::string, CallContext> contexts_;
    StoreStatus status_{
        .state = StoreStatus::State::healthy,
        .latency_ms = 0.1,
        .error = {},
        .work = {},
        .connections_open = 1,
        .connections_max = 1};
    ChunkQuery last_query_;
    SearchPromise promise_;
    std::size_t read_bytes_max_ = std::numeric_limits<std::size_t>::max();
};

FakeConversationRepository::FakeConversationRepository() : impl_(std::make_unique<Impl>()) {}
FakeConversationRepository::~FakeConversationRepository() = default;

Task<Result<KnownWrite>> FakeConversationRepository::find_known(
    WriteContext write, std::optional<SoughtConversation> sought, CallContext context
) {
    co_return impl_->run("find_known", context, [&](MemoryStore& store) {
        return store.find_known(write, sought);
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

Task<Result<WriteAnswer>> FakeConversationRepository::change(
    ConversationChange change, WriteContext write, CallContext context
) {
    co_return impl_->run("change", context, [&](MemoryStore& store) {
        return store.change(std::move(change), write);
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

Task<Result<std::vector<ChunkPlace>>> FakeConversationRepository::timeline(
    TimelineQuery query, CallContext context
) {
    using Answer = Result<std::vector<ChunkPlace>>;
    co_return impl_->run("timeline", context, [&](MemoryStore& store) -> Answer {
        return store.timeline(query);
    });
}

Task<Result<std::vector<FilterHint>>> FakeConversationRepository::filter_hints(
    Filter filter, CallContext context
) {
    using Answer = Result<std::vector<FilterHint>>;
    co_return impl_->run("filter_hints", context, [&](MemoryStore& store) -> Answer {
        return store.filter_hints(filter);
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
    co_return impl_->run("use_space", context, [&](MemoryStore&) -> Result<void> {
        impl_->space_ = space;
        for (auto& [tenant, store] : impl_->stores_) store.use_space(space);
        return {};
    });
}

Task<Result<StoreCounts>> FakeConversationRepository::counts(CallContext context) {
    co_return impl_->run("counts", context, [](MemoryStore& store) -> Result<StoreCounts> {
        return store.counts();
    });
}

Task<Result<encoding::Digest>> FakeConversationRepository::session_key(CallContext context) {
    co_return impl_->run("session_key", context, [](MemoryStore&) -> Result<encoding::Digest> {
        return encoding::sha256("the fake's session key");
    });
}

Task<Result<VerifyReport>> FakeConversationRepository::verify(CallContext context) {
    co_return impl_->run("verify", context, [&](MemoryStore&) -> Result<VerifyReport> {
        return impl_->sum_of_all(VerifyReport{}, [](VerifyReport& sum, const MemoryStore& store) {
            VerifyReport one = store.verify();
            add(sum.counts, one.counts);
            std::ranges::move(one.problems, std::back_inserter(sum.problems));
        });
    });
}

bool FakeConversationRepository::is_embedded(const TenantId& tenant) const {
    const std::lock_guard lock(impl_->mutex_);
    return impl_->store_of(tenant).counts().chunks_without_embedding == 0;
}

StoreStatus FakeConversationRepository::status() const {
    const std::lock_guard lock(impl_->mutex_);
    StoreStatus status = impl_->status_;
    const auto counts = impl_->sum_of_all(
        StoreCounts{}, [](StoreCounts& sum, const MemoryStore& store) { add(sum, store.counts()); }
    );
    status.chunks_without_embedding += counts.chunks_without_embedding;
    status.conversations += counts.conversations;
    status.chunks += counts.chunks;
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
    impl_->passed_ += time;
    for (auto& [tenant, store] : impl_->stores_) store.pass_time(time);
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
    impl_->overlook_ = nth;
    for (auto& [tenant, store] : impl_->stores_) store.overlook_each(nth);
    impl_->promise_ = promise;
}

CallContext FakeConversationRepository::last_context(const std::string& call) const {
    const std::lock_guard lock(impl_->mutex_);
    const auto found = impl_->contexts_.find(call);
    if (found == impl_->contexts_.end()) throw std::logic_error("there was no call " + call);
    return found->second;
}

ChunkQuery FakeConversationRepository::last_query() const {
    const std::lock_guard lock(impl_->mutex_);
    return impl_->last_query_;
}

}  // namespace rag::test
