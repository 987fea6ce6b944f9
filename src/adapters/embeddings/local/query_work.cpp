#include "query_work.hpp"

#include <algorithm>
#include <utility>

#include "simd/rows.hpp"

namespace rag::local {

QueryWork::QueryWork(
    std::shared_ptr<QueryRequest> request,
    const WordPieceTokenizer& tokenizer,
    const Readout& readout
)
    : request_(std::move(request)) {
    const std::vector<std::int32_t> ids = tokenizer.encode(request_->text);
    content_only_ =
        std::ranges::any_of(ids, [&](std::int32_t id) { return readout.is_content(id); });
    // Parts as equal as can be: the vector of a short rest would weigh as much as the others.
    const std::size_t most = tokenizer.max_tokens() - tokenizer.special_tokens();
    const std::size_t count = std::max<std::size_t>((ids.size() + most - 1) / most, 1);
    for (std::size_t i = 0; i < count; ++i) {
        const auto place = [&](std::size_t part) {
            return ids.begin() + static_cast<std::ptrdiff_t>(ids.size() * part / count);
        };
        std::vector<std::int32_t>& part = parts_.emplace_back();
        part.push_back(tokenizer.cls_id());
        part.insert(part.end(), place(i), place(i + 1));
        part.push_back(tokenizer.sep_id());
    }
}

bool QueryWork::read(const Readout& readout, Workspace& space, const TextRows& rows) {
    std::vector<float> vector = readout.sentence(space, rows);
    if (read_ == 0) {
        embedding_.vector = std::move(vector);
    } else {
        simd::add_row(embedding_.vector.data(), vector.data(), vector.size());
    }
    readout.add_pieces(space, rows, content_only_, embedding_.pieces);
    return ++read_ == parts_.size();
}

void QueryWork::answer() {
    simd::normalize(embedding_.vector.data(), embedding_.vector.size());
    request_->answer.give(std::move(embedding_));
}

}  // namespace rag::local
