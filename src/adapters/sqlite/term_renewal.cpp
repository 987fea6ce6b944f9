#include "term_renewal.hpp"

#include <vector>

#include "blobs.hpp"
#include "domain/limits.hpp"
#include "domain/wordless.hpp"
#include "sql.hpp"

namespace rag::sqlite {

namespace {

// Bounds the memory and the log that one transaction takes; a chunk is a few kilobytes.
constexpr std::int64_t kChunksAtOnce = 1'000;
// Of the messages that chunks stand for, a mebibyte each.
constexpr std::size_t kContentBytesAtOnce = 8u << 20;

struct StaleChunk {
    std::int64_t id = 0;
    Chunk chunk;  // What the analyzer reads of it.
    std::int64_t length = 0;
    std::string content;  // Of the message that it stands for.
};

std::vector<StaleChunk> stale_after(
    TenantConnection& db, std::int64_t last_chunk, std::uint32_t version, std::int64_t chunks_max
) {
    std::vector<StaleChunk> chunks;
    const auto bytes_min = static_cast<std::int64_t>(limits::kWordlessCharactersMin);
    Cursor row =
        db.query(sql::kChunksOfAnotherAnalyzer, last_chunk, version, chunks_max, bytes_min);
    std::size_t content_bytes = 0;
    while (content_bytes < kContentBytesAtOnce && row.next()) {
        StaleChunk& stale = chunks.emplace_back();
        stale.id = row.integer(0);
        stale.chunk.text = row.text(1);
        stale.chunk.author_name = row.optional_text(2);
        stale.chunk.author_type = row.optional_text(3);
        stale.length = row.integer(4);
        if (row.is_null(5)) continue;
        std::string content = row.text(5);
        if (!leaves_text_out(stale.chunk, content)) continue;
        stale.chunk.stands_for_message = true;
        content_bytes += content.size();
        stale.content = std::move(content);
    }
    return chunks;
}

}  // namespace

TermRenewal::TermRenewal(TenantConnection db, const TermAnalyzer& analyzer)
    : db_(db), analyzer_(analyzer) {
    Cursor row = db_.query(sql::kStatistics);
    if (row.next()) total_ = row.integer(2);
}

bool TermRenewal::needed() { return db_.integer(sql::kAnalyzerVersion) != analyzer_.version(); }

bool TermRenewal::renew_some() {
    db_.store().run(sql::kBeginWrite);
    const std::size_t renewed = renew(kChunksAtOnce);
    if (renewed == 0) db_.run(sql::kSetAnalyzerVersion, analyzer_.version());
    db_.store().run(sql::kCommit);
    renewed_ += static_cast<std::int64_t>(renewed);
    return renewed > 0;
}

std::size_t TermRenewal::renew(std::int64_t chunks_max) {
    const std::vector<StaleChunk> chunks =
        stale_after(db_, last_chunk_, analyzer_.version(), chunks_max);
    std::int64_t longer = 0;
    for (const StaleChunk& stale : chunks) {
        const ChunkTerms found = terms_of(stale.chunk, stale.content, analyzer_);
        const Bytes encoded = encode_terms(found.terms);
        db_.run(sql::kRenewTerms, stale.id, analyzer_.version(), found.length, Blob(encoded));
        db_.run(sql::kSetSays, stale.id, double{says(stale.chunk, analyzer_)});
        longer += found.length - stale.length;
        last_chunk_ = stale.id;
    }
    db_.run(sql::kAddStatistics, 0, 0, 0, longer);
    return chunks.size();
}

}  // namespace rag::sqlite
