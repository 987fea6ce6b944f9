#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "chunk_index.hpp"

namespace rag {

/// What is searched: the index alone, or the whole store behind its port.
class Searched {
public:
    virtual ~Searched() = default;
    /// One conversation's chunks, in order.
    virtual void add(std::vector<sqlite::IndexedChunk> conversation) = 0;
    /// After the last `add`.
    virtual void finish() {}
    virtual CandidateSet candidates(const ChunkQuery& query) = 0;
    /// Counted by the index itself; 0: it cannot be asked.
    virtual std::size_t memory_bytes() const { return 0; }
};

std::unique_ptr<Searched> searched_index(std::size_t scan_threads);

/// In a temporary folder that goes with it.
std::unique_ptr<Searched> searched_store(std::size_t scan_threads);

}  // namespace rag
