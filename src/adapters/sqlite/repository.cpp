#include "repository.hpp"

#include <memory>
#include <optional>
#include <utility>

#include "application/compute.hpp"
#include "filter_hints.hpp"
#include "prepared_write.hpp"
#include "reads.hpp"
#include "secrets.hpp"
#include "text/normalize.hpp"
#include "verify.hpp"

namespace rag::sqlite {

namespace {

// Of a request that brings next to nothing.
constexpr std::size_t kSmall = 4'096;

WriterOptions writer_options(const SqliteOptions& options, Deadlines& deadlines) {
    WriterOptions writer;
    writer.deadlines = &deadlines;
    writer.connection = connection_options(options, OpenMode::read_write);
    writer.analyzer = options.analyzer;
    writer.scan_threads = options.scan_threads;
    writer.queue = {options.writes_waiting_max, options.write_bytes_waiting_max};
    writer.clock = options.clock;
    writer.shows_work = options.shows_work;
    writer.acknowledge_before_commit = options.test.acknowledge_before_commit;
    return writer;
}

}  // namespace

ConnectionOptions connection_options(const SqliteOptions& options, OpenMode mode) {
    ConnectionOptions connection;
    connection.path = (options.data_dir / kSqliteFileName).string();
    connection.vfs = options.test.vfs;
    connection.mode = mode;
    connection.synchronous = options.test.synchronous;
    connection.rewritten = options.test.rewritten_statement;
    return connection;
}

SqliteConversationRepository::SqliteConversationRepository(
    SqliteOptions options, Telemetry& telemetry
)
    : options_(std::move(options)),
      own_deadlines_(options_.deadlines == nullptr ? std::make_unique<Deadlines>() : nullptr),
      deadlines_(own_deadlines_ ? *own_deadlines_ : *options_.deadlines),
      writer_(writer_options(options_, deadlines_), condition_, telemetry),
      readers_(
          ReaderOptions{
              connection_options(options_, OpenMode::read_only),
              options_.readers,
              options_.reads_waiting_max},
          condition_,
          deadlines_
      ),
      searches_(
          PoolOptions{"search", options_.search_threads, options_.searches_waiting_max}, deadlines_
      ) {}

template <class Work>
Task<std::invoke_result_t<Work&, TenantConnection&>> SqliteConversationRepository::read(
    Work work, CallContext context
) {
    co_return co_await readers_.run(std::move(work), std::move(context));
}

template <class Work>
Task<std::invoke_result_t<Work&, WriteSession&>> SqliteConversationRepository::write(
    std::size_t bytes, Work work, CallContext context
) {
    if (condition_.state() == StoreStatus::State::nearly_full) {
        co_return fail(ErrorCode::no_space, "The disk is nearly full: nothing more is stored.");
    }
    co_return co_await writer_.submit(std::move(work), bytes, std::move(context));
}

template <class Prepared, class Raw>
Task<Result<Prepared>> SqliteConversationRepository::prepared(Raw raw, CallContext context) {
    const Timestamp now = options_.clock();
    if (options_.work_pool == nullptr) co_return prepare(std::move(raw), now);
    const TextAmount amount = to_encode(bytes_of(raw));
    auto job = [raw = std::move(raw), now]() mutable { return prepare(std::move(raw), now); };
    co_return co_await compute(*options_.work_pool, std::move(context), amount, std::move(job));
}

Task<Result<KnownWrite>> SqliteConversationRepository::find_known(
    WriteContext write, std::optional<SoughtConversation> sought, CallContext context
) {
    auto work = [this, write = std::move(write), sought = std::move(sought)](TenantConnection& db) {
        return sqlite::find_known(db, write, sought, options_.clock());
    };
    co_return co_await read(std::move(work), context);
}

Task<Result<WriteAnswer>> SqliteConversationRepository::save(
    NewConversation conversation, WriteContext write, CallContext context
) {
    Result<PreparedConversation> made =
        co_await prepared<PreparedConversation>(std::move(conversation), context);
    if (!made) co_return tl::unexpected<Error>(std::move(made.error()));
    const std::size_t bytes = kSmall + made->content.bytes;
    auto work = [made = std::move(*made), write = std::move(write)](WriteSession& session) mutable {
        return sqlite::save(session, made, write);
    };
    co_return co_await this->write(bytes, std::move(work), context);
}

Task<Result<WriteAnswer>> SqliteConversationRepository::save_duplicate(
    WriteOutcome outcome, WriteContext write, CallContext context
) {
    auto work = [outcome = std::move(outcome), write = std::move(write)](WriteSession& session) {
        return sqlite::save_duplicate(session, outcome, write);
    };
    co_return co_await this->write(kSmall, std::move(work), context);
}

Task<Result<WriteAnswer>> SqliteConversationRepository::append(
    NewMessages messages, std::size_t messages_max, WriteContext write, CallContext context
) {
    Result<PreparedAppend> made = co_await prepared<PreparedAppend>(std::move(messages), context);
    if (!made) co_return tl::unexpected<Error>(std::move(made.error()));
    const std::size_t bytes = kSmall + made->content.bytes;
    auto work = [made = std::move(*made), messages_max, write = std::move(write)](
                    WriteSession& session
                ) mutable { return sqlite::append(session, made, messages_max, write); };
    co_return co_await this->write(bytes, std::move(work), context);
}

Task<Result<WriteAnswer>> SqliteConversationRepository::change(
    ConversationChange change, WriteContext write, CallContext context
) {
    Result<PreparedChange> made = co_await prepared<PreparedChange>(std::move(change), context);
    if (!made) co_return tl::unexpected<Error>(std::move(made.error()));
    const std::size_t bytes = kSmall + made->content.bytes;
    auto work = [made = std::move(*made), write = std::move(write)](WriteSession& session) mutable {
        return sqlite::change(session, made, write);
    };
    co_return co_await this->write(bytes, std::move(work), context);
}

Task<Result<WriteAnswer>> SqliteConversationRepository::remove(
    ConversationId id, WriteContext write, CallContext context
) {
    auto work = [id, write = std::move(write)](WriteSession& session) {
        return sqlite::remove(session, id, write);
    };
    co_return co_await this->write(kSmall, std::move(work), context);
}

Task<Result<CandidateSet>> SqliteConversationRepository::candidates(
    ChunkQuery query, CallContext context
) {
    if (!condition_.is_open()) {
        Result<void> open = co_await condition_.await_open(context.deadline);
        if (!open) co_return tl::unexpected<Error>(std::move(open.error()));
    }
    auto work = [this, query = std::move(query), context]() mutable -> Result<CandidateSet> {
        query.filter = text::comparison_form(std::move(query.filter));
        return writer_.indexes().index(context.tenant())->candidates(query);
    };
    co_return co_await on_pool(searches_, std::move(work), context.deadline);
}

Task<Result<std::vector<ChunkPlace>>> SqliteConversationRepository::timeline(
    TimelineQuery query, CallContext context
) {
    if (!condition_.is_open()) {
        Result<void> open = co_await condition_.await_open(context.deadline);
        if (!open) co_return tl::unexpected<Error>(std::move(open.error()));
    }
    auto work =
        [this, query = std::move(query), context]() mutable -> Result<std::vector<ChunkPlace>> {
        query.filter = text::comparison_form(std::move(query.filter));
        return writer_.indexes().index(context.tenant())->timeline(query);
    };
    co_return co_await on_pool(searches_, std::move(work), context.deadline);
}

Task<Result<std::vector<FilterHint>>> SqliteConversationRepository::filter_hints(
    Filter filter, CallContext context
) {
    if (!condition_.is_open()) {
        Result<void> open = co_await condition_.await_open(context.deadline);
        if (!open) co_return tl::unexpected<Error>(std::move(open.error()));
    }
    auto find = [this, filter, context]() -> Result<std::vector<FoundValues>> {
        return find_nearest(*writer_.indexes().index(context.tenant()), filter);
    };
    Result<std::vector<FoundValues>> found =
        co_await on_pool(searches_, std::move(find), context.deadline);
    if (!found) co_return tl::unexpected<Error>(std::move(found.error()));
    if (found->empty()) co_return std::vector<FilterHint>();
    auto work = [found = std::move(*found), filter](TenantConnection& db) {
        return sqlite::hints_of(db, found, filter);
    };
    co_return co_await read(std::move(work), context);
}

Task<Result<std::vector<LoadedChunk>>> SqliteConversationRepository::load(
    std::vector<ChunkId> ids,
    std::size_t context_messages,
    std::size_t bytes_max,
    CallContext context
) {
    auto work = [ids = std::move(ids), context_messages, bytes_max](TenantConnection& db) {
        return sqlite::load(db, ids, context_messages, bytes_max);
    };
    co_return co_await read(std::move(work), context);
}

Task<Result<ConversationPage>> SqliteConversationRepository::list(
    ListQuery query, CallContext context
) {
    auto work = [query = std::move(query)](TenantConnection& db) {
        return sqlite::list(db, query);
    };
    co_return co_await read(std::move(work), context);
}

Task<Result<ConversationSummary>> SqliteConversationRepository::get(
    ConversationId id, CallContext context
) {
    auto work = [id](TenantConnection& db) { return sqlite::get(db, id); };
    co_return co_await read(std::move(work), context);
}

Task<Result<std::vector<StoredChunk>>> SqliteConversationRepository::chunks(
    ConversationId id, std::size_t bytes_max, CallContext context
) {
    auto work = [id, bytes_max](TenantConnection& db) { return sqlite::chunks(db, id, bytes_max); };
    co_return co_await read(std::move(work), context);
}

Task<Result<std::vector<StoredMessage>>> SqliteConversationRepository::messages(
    ConversationId id, MessageRange range, std::size_t bytes_max, CallContext context
) {
    auto work = [id, range, bytes_max](TenantConnection& db) {
        return sqlite::messages(db, id, range, bytes_max);
    };
    co_return co_await read(std::move(work), context);
}

Task<Result<void>> SqliteConversationRepository::use_space(
    EmbeddingSpace space, CallContext context
) {
    auto work = [space = std::move(space)](WriteSession& session) {
        return sqlite::use_space(session, space);
    };
    // Not a `write`: on a disk that is nearly full, reads need it too.
    co_return co_await writer_.submit(std::move(work), kSmall, std::move(context));
}

Task<Result<StoreCounts>> SqliteConversationRepository::counts(CallContext context) {
    auto work = [this](TenantConnection& db) {
        const std::int64_t space_id = writer_.indexes().level(db.tenant()).space_id;
        return Result<StoreCounts>(sqlite::counts(db, space_id));
    };
    co_return co_await read(std::move(work), context);
}

Task<Result<encoding::Digest>> SqliteConversationRepository::session_key(CallContext context) {
    auto work = [](TenantConnection& db) { return sqlite::session_key(db.store()); };
    co_return co_await read(std::move(work), context);
}

Task<Result<VerifyReport>> SqliteConversationRepository::verify(CallContext context) {
    auto work = [this](TenantConnection& db) {
        const auto index = [this](const TenantId& tenant) {
            return writer_.indexes().index_level(tenant);
        };
        return Result<VerifyReport>(sqlite::verify(db.store(), index));
    };
    co_return co_await read(std::move(work), context);
}

bool SqliteConversationRepository::is_embedded(const TenantId& tenant) const {
    return writer_.indexes().level(tenant).counts.chunks_without_embedding == 0;
}

StoreStatus SqliteConversationRepository::status() const {
    StoreStatus status = condition_.status();
    status.connections_open = readers_.connections_open() + (writer_.connected() ? 1 : 0);
    status.connections_max = static_cast<std::int64_t>(options_.readers) + 1;
    status.connections_in_use = readers_.connections_in_use();
    status.waiters = readers_.waiting() + static_cast<std::int64_t>(writer_.waiting());
    const StoreCounts totals = writer_.indexes().totals();
    status.chunks_without_embedding = totals.chunks_without_embedding;
    status.conversations = totals.conversations;
    status.chunks = totals.chunks;
    return status;
}

}  // namespace rag::sqlite
