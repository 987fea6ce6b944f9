#include "contract/tenant_calls.hpp"

#include <array>
#include <map>
#include <sstream>
#include <stdexcept>

namespace rag::test {

namespace {

constexpr std::array kTexts{
    "the backups moved to the bucket",
    "lunch at noon",
    "backups backups of the lunch",
    "a question about noon?",
    "bucket and spade",
    "nothing moved"};

/// Both tenants store the same texts; a word of its own in some of them shows whose one is.
std::string text_of(const TenantCall& call, const TenantId& tenant) {
    const auto place = static_cast<std::size_t>(call.text) % kTexts.size();
    std::string text = kTexts[place];
    if (call.text % 3 == 0) text += " " + tenant.value;
    return text;
}

std::vector<Message> messages_of(const TenantCall& call, const TenantId& tenant) {
    const std::string text = text_of(call, tenant);
    return {said("ana", text), said("bo", text + " " + std::to_string(call.text))};
}

WriteContext write_of(const TenantCall& call) {
    if (call.key == 0) return without_key();
    return with_key("key " + std::to_string(call.key), static_cast<std::uint8_t>(call.text % 2));
}

class Seen {
public:
    template <class T>
    Seen& operator<<(const T& value) {
        out_ << value << '|';
        return *this;
    }
    Seen& operator<<(const std::optional<std::string>& text) {
        return *this << text.value_or("(none)");
    }
    Seen& operator<<(const ConversationSummary& one) {
        return *this << one.id.value << one.header.scenario_title << one.message_count
                     << one.chunk_count;
    }
    Seen& operator<<(const StoredMessage& one) {
        return *this << one.index << one.message.author_name << one.message.content;
    }
    Seen& operator<<(const StoredChunk& one) {
        return *this << one.id.value << one.conversation_id.value << one.chunk.order_index
                     << one.chunk.text;
    }
    Seen& operator<<(const WriteOutcome& one) {
        return *this << one.conversation_id.value << one.duplicate << one.messages_written
                     << one.chunks_written << one.messages_total << one.chunks_total
                     << one.chunks_deleted << one.header.scenario_title;
    }
    Seen& operator<<(const Candidate& one) {
        return *this << one.chunk_id.value << one.conversation_id.value << one.bm25
                     << one.bm25_window << one.bm25_conversation << one.bm25_question << one.cosine
                     << one.cosine_conversation << one.lexical_rank << one.dense_rank;
    }

    template <class T>
    Seen& all(const std::vector<T>& rows) {
        for (const T& row : rows) *this << row;
        return *this;
    }

    std::string take() { return out_.str(); }

private:
    std::ostringstream out_;
};

template <class T>
std::string failure(const Result<T>& result) {
    return "failed: " + std::to_string(static_cast<int>(result.error().code));
}

std::string seen(const Result<WriteAnswer>& answer) {
    if (!answer) return failure(answer);
    Seen out;
    out << answer->stale << answer->replayed << answer->outcome;
    return out.take();
}

std::string seen(const Result<CandidateSet>& found) {
    if (!found) return failure(found);
    Seen out;
    out.all(found->candidates).all(found->authors).all(found->piece_match);
    out.all(found->row_pieces).all(found->piece_frequency) << found->chunk_total;
    return out.take();
}

std::string seen(const Result<std::vector<LoadedChunk>>& loaded) {
    if (!loaded) return failure(loaded);
    Seen out;
    for (const LoadedChunk& one : *loaded) {
        out << one.stored << one.conversation.header.scenario_title << one.tokens;
        out.all(one.context);
    }
    return out.take();
}

template <class T>
std::string seen(const Result<std::vector<T>>& rows) {
    if (!rows) return failure(rows);
    return Seen().all(*rows).take();
}

std::string seen(const Result<StoreCounts>& counts) {
    if (!counts) return failure(counts);
    Seen out;
    out << counts->conversations << counts->messages << counts->chunks;
    out << counts->chunks_without_embedding;
    return out.take();
}

NewConversation made(const TenantCall& call, const TenantId& tenant) {
    NewConversation made =
        conversation_of(messages_of(call, tenant), "title " + std::to_string(call.text % 2));
    if (call.text % 5 == 0) {
        made.conversation.header.external_id = "thread " + std::to_string(call.text % 3);
        made.fingerprint = fingerprint(made.conversation);
    }
    return made;
}

/// New titles, then a message more, then other messages.
std::string change(
    ConversationRepository& repository, const TenantCall& call, const CallContext& context
) {
    ConversationChange made;
    made.conversation_id = {call.id};
    const auto found = await(repository.get(made.conversation_id, context));
    if (!found) return failure(found);
    made.fingerprint_before = found->fingerprint;
    made.fingerprint_after = found->fingerprint;
    made.fingerprint_after[static_cast<std::size_t>(call.text) % 32] ^= 1;
    if (call.text % 3 == 0) {
        CorrectedHeader header{found->header, {}, true};
        header.header.scenario_title = "title " + std::to_string(call.text % 4);
        made.header = std::move(header);
    }
    made.replaces = call.text % 3 == 2;
    if (call.text % 3 > 0) made.messages = messages_of(call, context.tenant());
    made.chunks = chunks_for(made.messages, call.text);
    return seen(await(repository.change(std::move(made), write_of(call), context)));
}

NewMessages added(
    ConversationRepository& repository, const TenantCall& call, const CallContext& context
) {
    NewMessages made;
    made.conversation_id = {call.id};
    made.messages = messages_of(call, context.tenant());
    if (const auto found = await(repository.get(made.conversation_id, context)); found) {
        made.fingerprint_before = found->fingerprint;
        made.fingerprint_after = extended_fingerprint(found->fingerprint, made.messages);
    }
    made.chunks = chunks_for(made.messages, call.text);
    return made;
}

ChunkQuery query_of(const TenantCall& call) {
    ChunkQuery query;
    query.terms = {"backups", "lunch", "noon", "alpha", "beta"};
    query.embedding = direction(call.text);
    query.pieces.dimension = kVectorSize;
    query.pieces.ids = {1'000, 1'001};
    query.pieces.vectors = direction(0);
    const std::vector<float> second = direction(1);
    query.pieces.vectors.insert(query.pieces.vectors.end(), second.begin(), second.end());
    query.pool_size = 20;
    return query;
}

std::string find(ConversationRepository& repository, const TenantCall& call, CallContext context) {
    const NewConversation probe = made(call, context.tenant());
    const SoughtConversation sought{probe.fingerprint, probe.conversation.header.external_id};
    const Result<KnownWrite> known =
        await(repository.find_known(write_of(call), sought, std::move(context)));
    if (!known) return failure(known);
    Seen out;
    if (known->answer) out << known->answer->outcome;
    if (known->duplicate) out << *known->duplicate;
    if (known->named) out << *known->named;
    return out.take();
}

std::string list(ConversationRepository& repository, const TenantCall& call, CallContext context) {
    ListQuery query;
    query.limit = 10;
    query.skip = call.text % 2;
    if (call.text % 3 == 0) query.filter.author_name = "ana";
    if (call.text % 4 == 1) query.order = ListOrder::created;
    const Result<ConversationPage> page = await(repository.list(query, std::move(context)));
    if (!page) return failure(page);
    return Seen().all(page->conversations).take() + (page->more ? "more" : "");
}

std::string timeline(
    ConversationRepository& repository, const TenantCall& call, CallContext context
) {
    TimelineQuery query;
    query.newest_first = call.text % 2 == 0;
    query.limit = 10;
    const Result<std::vector<ChunkPlace>> places =
        await(repository.timeline(query, std::move(context)));
    if (!places) return failure(places);
    std::string out;
    for (const ChunkPlace& place : *places) {
        out += std::to_string(place.chunk_id.value) + " of " +
               std::to_string(place.conversation_id.value) + ", ";
    }
    return out;
}

std::string hints(ConversationRepository& repository, const TenantCall& call, CallContext context) {
    Filter filter;
    filter.author_name = "nobody";
    if (call.text % 2 == 0) filter.scenario_title = "nothing";
    const Result<std::vector<FilterHint>> found =
        await(repository.filter_hints(filter, std::move(context)));
    if (!found) return failure(found);
    std::string out;
    for (const FilterHint& hint : *found) {
        out += hint.filter + ":";
        for (const std::string& value : hint.nearest) out += value + ",";
    }
    return out;
}

void must(const Result<void>& done) {
    if (!done) throw std::runtime_error(done.error().message);
}

}  // namespace

TenantCall random_call(std::mt19937& random) {
    const auto draw = [&random](int count) {
        return static_cast<int>(random() % static_cast<unsigned>(count));
    };
    TenantCall call;
    call.kind = static_cast<TenantCall::Kind>(draw(14));
    call.id = 1 + draw(40);
    call.text = draw(60);
    call.key = draw(3) == 0 ? 1 + draw(20) : 0;
    return call;
}

std::string observe(
    ConversationRepository& repository, const TenantCall& call, CallContext context
) {
    const TenantId tenant = context.tenant();
    const ConversationId id{call.id};
    switch (call.kind) {
        case TenantCall::Kind::save:
            return seen(await(repository.save(made(call, tenant), write_of(call), context)));
        case TenantCall::Kind::append:
            return seen(await(
                repository.append(added(repository, call, context), 20, write_of(call), context)
            ));
        case TenantCall::Kind::change:
            return change(repository, call, context);
        case TenantCall::Kind::remove:
            return seen(await(repository.remove(id, write_of(call), context)));
        case TenantCall::Kind::find:
            return find(repository, call, context);
        case TenantCall::Kind::candidates:
            return seen(await(repository.candidates(query_of(call), context)));
        case TenantCall::Kind::load: {
            std::vector<ChunkId> ids{{call.id}, {call.id + 1}, {call.id + 7}};
            return seen(await(repository.load(std::move(ids), 2, kAnySize, context)));
        }
        case TenantCall::Kind::list:
            return list(repository, call, context);
        case TenantCall::Kind::timeline:
            return timeline(repository, call, context);
        case TenantCall::Kind::hints:
            return hints(repository, call, context);
        case TenantCall::Kind::get: {
            const Result<ConversationSummary> summary = await(repository.get(id, context));
            return summary ? (Seen() << *summary).take() : failure(summary);
        }
        case TenantCall::Kind::chunks:
            return seen(await(repository.chunks(id, kAnySize, context)));
        case TenantCall::Kind::messages:
            return seen(await(repository.messages(id, {0, 99}, kAnySize, context)));
        case TenantCall::Kind::counts:
            return seen(await(repository.counts(context))) +
                   (repository.is_embedded(tenant) ? "whole" : "not whole");
    }
    return {};
}

TenantsCompared compare_tenants(
    const RepositoryFactory& shared, const RepositoryFactory& alone, int calls, unsigned seed
) {
    struct Tenant {
        std::string name;
        std::unique_ptr<RepositoryUnderTest> store;
    };
    const std::unique_ptr<RepositoryUnderTest> both = shared();
    std::array<Tenant, 2> tenants{Tenant{"alpha", alone()}, Tenant{"beta", alone()}};
    const auto use_space = [&](const std::string& model) {
        const EmbeddingSpace space = test_space(model);
        must(await(both->repository().use_space(space, as_tenant("alpha"))));
        for (Tenant& one : tenants) {
            must(await(one.store->repository().use_space(space, as_tenant(one.name))));
        }
    };
    use_space("fake");

    std::mt19937 random(seed);
    TenantsCompared compared;
    for (; compared.calls < calls; ++compared.calls) {
        // Everything in memory is built anew from the tables once, and once for another space.
        if (compared.calls == calls / 3 && both->reopen()) use_space("fake");
        if (compared.calls == calls / 2) use_space("other");
        Tenant& one = tenants[random() % 2];
        const TenantCall call = random_call(random);
        const CallContext context = as_tenant(one.name);
        const std::string together = observe(both->repository(), call, context);
        const std::string apart = observe(one.store->repository(), call, context);
        if (together == apart) continue;
        if (compared.different++ > 0) continue;
        compared.first_seen = "call " + std::to_string(compared.calls) + " of kind " +
                              std::to_string(static_cast<int>(call.kind)) +
                              "\n  with another: " + together + "\n  alone:        " + apart;
    }
    return compared;
}

}  // namespace rag::test
