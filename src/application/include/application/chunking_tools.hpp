#pragma once

#include "domain/chunk.hpp"
#include "domain/text_ports.hpp"

namespace rag {

/// What turns messages into chunks that can be stored; shared by ingest and append.
struct ChunkingTools {
    ChunkingLimits limits;
    ConversationLimits conversation_limits;
    const Segmenter& segmenter;
    const TermAnalyzer& analyzer;
};

}  // namespace rag
