#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "readout.hpp"
#include "request.hpp"
#include "text/wordpiece.hpp"

namespace rag::local {

/// A query on its way through the model, in as many parts as the model needs to read it.
class QueryWork {
public:
    QueryWork(
        std::shared_ptr<QueryRequest> request,
        const WordPieceTokenizer& tokenizer,
        const Readout& readout
    );

    std::size_t part_count() const { return parts_.size(); }
    /// Ids of a part, with [CLS] and [SEP].
    const std::vector<std::int32_t>& part(std::size_t index) const { return parts_[index]; }

    /// To be called for each part in order. True: that was the last one.
    bool read(const Readout& readout, Workspace& space, const TextRows& rows);

    /// Once all parts are read.
    void answer();

private:
    std::shared_ptr<QueryRequest> request_;
    std::vector<std::vector<std::int32_t>> parts_;
    bool content_only_;  // False if there are none but stop pieces.
    std::size_t read_ = 0;
    QueryEmbedding embedding_;
};

}  // namespace rag::local
