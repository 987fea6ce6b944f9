#include "repository.hpp"

#include <chrono>
#include <utility>

#include "answers.hpp"
#include "reads.hpp"
#include "text/fingerprint.hpp"
#include "text/normalize.hpp"
#include "verify.hpp"

namespace rag::sqlite {

namespace {

/// Tells how long a call took, waiting included, when it ends.
class Timed {
public:
    Timed(Telemetry& telemetry, std::string_view operation)
        : telemetry_(telemetry), operation_(operation) {}
    ~Timed() {
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began_;
        telemetry_.database_query_done(operation_, took.count());
    }
    Timed(const Timed&) = delete;
    Timed& operator=(const Timed&) = delete;

private:
    Telemetry& telemetry_;
    std::string_view operation_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

std::size_t bytes_of(const std::vector<Message>& messages) {
    std::size_t bytes = 0;
    for (const Message& message : messages) {
        bytes += sizeof(Message) + message.content.size() + message.metadata.raw.size() * 2;
    }
    return bytes;
}

std::size_t bytes_of(const std::vector<NewChunk>& chunks) {
    std::size_t bytes = 0;
    for (const NewChunk& chunk : chunks) {
        const PieceBits& pieces = chunk.embedding.pieces;
        bytes += sizeof(NewChunk) + chunk.chunk.text.size() + chunk.terms.size() * sizeof(Term) +
                 chunk.embedding.vector.size() * sizeof(float) + pieces.bits.size() +
                 (pieces.content_ids.size() + pieces.unique_ids.size()) * sizeof(std::int32_t);
    }
    return bytes;
}

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
    return connection;
}

SqliteConversationRepository::SqliteConversationRepository(
    SqliteOptions options, Telemetry& telemetry
)
    : options_(std::move(options)),
      telemetry_(telemetry),
      own_deadlines_(options_.deadlines == nullptr ? std::make_unique<Deadlines>() : nullptr),
      deadlines_(own_deadlines_ ? *own_deadlines_ : *options_.deadlines),
      writer_(writer_options(options_, deadlines_), condition_, telemetry_),
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
Task<std::invoke_result_t<Work&, Connection&>> SqliteConversationRepository::read(
    std::string_view operation, Work work, CallContext context
) {
    const Timed timed(telemetry_, operation);
    co_return co_await readers_.run(std::move(work), context.deadline);
}

template <class Work>
Task<std::invoke_result_t<Work&, WriteSession&>> SqliteConversationRepository::write(
    std::string_view operation, std::size_t bytes, Work work, CallContext context
) {
    const Timed timed(telemetry_, operation);
    if (condition_.state() == StoreStatus::State::nearly_full) {
        co_return fail(ErrorCode::no_space, "The disk is nearly full: nothing more is stored.");
    }
    co_return co_await writer_.submit(std::move(work), bytes, context.deadline);
}

Task<Result<std::optional<WriteAnswer>>> SqliteConversationRepository::find_answer(
    std::vector<WriteKey> keys, std::array<std::uint8_t, 32> body_digest, CallContext context
) {
    if (keys.empty()) co_return std::optional<WriteAnswer>();
    auto work = [this, keys = std::move(keys), body_digest](Connection& db) {
        return sqlite::find_answer(db, keys, body_digest, options_.clock());
    };
    co_return co_await read("find_answer", std::move(work), context);
}

Task<Result<std::optional<WriteOutcome>>> SqliteConversationRepository::find_duplicate(
    const Conversation& conversation, CallContext context
) {
    // Hashing 16 MiB takes too long for the caller's thread. The reference holds: we await the job.
    auto work = [&conversation](Connection& db) {
        const encoding::Digest digest = text::fingerprint(conversation);
        return Result<std::optional<WriteOutcome>>(sqlite::find_duplicate(db, digest));
    };
    co_return co_await read("find_duplicate", std::move(work), context);
}

Task<Result<WriteAnswer>> SqliteConversationRepository::save(
    NewConversation conversation, WriteContext write, CallContext context
) {
    const std::size_t bytes =
        kSmall + bytes_of(conversation.conversation.messages) + bytes_of(conversation.chunks);
    auto work = [conversation = std::move(conversation),
                 write = std::move(write)](WriteSession& session) mutable {
        return sqlite::save(session, conversation, write);
    };
    co_return co_await this->write("save", bytes, std::move(work), context);
}

Task<Result<WriteAnswer>> SqliteConversationRepository::save_duplicate(
    WriteOutcome outcome, WriteContext write, CallContext context
) {
    auto work = [outcome = std::move(outcome), write = std::move(write)](WriteSession& session) {
        return sqlite::save_duplicate(session, outcome, write);
    };
    co_return co_await this->write("save_duplicate", kSmall, std::move(work), context);
}

Task<Result<WriteAnswer>> SqliteConversationRepository::append(
    NewMessages messages, std::size_t messages_max, WriteContext write, CallContext context
) {
    const std::size_t bytes = kSmall + bytes_of(messages.messages) + bytes_of(messages.chunks);
    auto work = [messages = std::move(messages), messages_max, write = std::move(write)](
                    WriteSession& session
                ) mutable { return sqlite::append(session, messages, messages_max, write); };
    co_return co_await this->write("append", bytes, std::move(work), context);
}

Task<Result<WriteAnswer>> SqliteConversationRepository::remove(
    ConversationId id, WriteContext write, CallContext context
) {
    auto work = [id, write = std::move(write)](WriteSession& session) {
        return sqlite::remove(session, id, write);
    };
    co_return co_await this->write("remove", kSmall, std::move(work), context);
}

Task<Result<CandidateSet>> SqliteConversationRepository::candidates(
    ChunkQuery query, CallContext context
) {
    const Timed timed(telemetry_, "candidates");
    if (!condition_.is_open()) {
        Result<void> open = co_await condition_.await_open(context.deadline);
        if (!open) co_return tl::unexpected<Error>(std::move(open.error()));
    }
    auto work = [this, query = std::move(query)]() mutable -> Result<CandidateSet> {
        query.filter = text::comparison_form(std::move(query.filter));
        return writer_.index()->candidates(query);
    };
    co_return co_await on_pool(searches_, std::move(work), context.deadline);
}

Task<Result<std::vector<LoadedChunk>>> SqliteConversationRepository::load(
    std::vector<ChunkId> ids,
    std::size_t context_messages,
    std::size_t bytes_max,
    CallContext context
) {
    auto work = [ids = std::move(ids), context_messages, bytes_max](Connection& db) {
        return sqlite::load(db, ids, context_messages, bytes_max);
    };
    co_return co_await read("load", std::move(work), context);
}

Task<Result<ConversationPage>> SqliteConversationRepository::list(
    ListQuery query, CallContext context
) {
    auto work = [query = std::move(query)](Connection& db) { return sqlite::list(db, query); };
    co_return co_await read("list", std::move(work), context);
}

Task<Result<ConversationSummary>> SqliteConversationRepository::get(
    ConversationId id, CallContext context
) {
    auto work = [id](Connection& db) { return sqlite::get(db, id); };
    co_return co_await read("get", std::move(work), context);
}

Task<Result<std::vector<StoredChunk>>> SqliteConversationRepository::chunks(
    ConversationId id, std::size_t bytes_max, CallContext context
) {
    auto work = [id, bytes_max](Connection& db) { return sqlite::chunks(db, id, bytes_max); };
    co_return co_await read("chunks", std::move(work), context);
}

Task<Result<std::vector<StoredMessage>>> SqliteConversationRepository::messages(
    ConversationId id, MessageRange range, std::size_t bytes_max, CallContext context
) {
    auto work = [id, range, bytes_max](Connection& db) {
        return sqlite::messages(db, id, range, bytes_max);
    };
    co_return co_await read("messages", std::move(work), context);
}

Task<Result<void>> SqliteConversationRepository::use_space(
    EmbeddingSpace space, CallContext context
) {
    auto work = [space = std::move(space)](WriteSession& session) {
        return sqlite::use_space(session, space);
    };
    // Not a `write`: on a disk that is nearly full, reads need it too.
    const Timed timed(telemetry_, "use_space");
    co_return co_await writer_.submit(std::move(work), kSmall, context.deadline);
}

Task<Result<StoreCounts>> SqliteConversationRepository::counts(CallContext context) {
    auto work = [this](Connection& db) {
        return Result<StoreCounts>(sqlite::counts(db, writer_.space()));
    };
    co_return co_await read("counts", std::move(work), context);
}

Task<Result<VerifyReport>> SqliteConversationRepository::verify(CallContext context) {
    auto work = [this](Connection& db) {
        const auto index = [this] { return writer_.index_level(); };
        return Result<VerifyReport>(sqlite::verify(db, writer_.space(), index));
    };
    co_return co_await read("verify", std::move(work), context);
}

StoreStatus SqliteConversationRepository::status() const {
    StoreStatus status = condition_.status();
    status.connections_open = readers_.connections_open() + (writer_.connected() ? 1 : 0);
    status.connections_max = static_cast<std::int64_t>(options_.readers) + 1;
    status.connections_in_use = readers_.connections_in_use();
    status.waiters = readers_.waiting() + static_cast<std::int64_t>(writer_.waiting());
    return status;
}

}  // namespace rag::sqlite
