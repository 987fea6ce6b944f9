#pragma once

#include <memory>

#include "domain/text_ports.hpp"

namespace rag::text {

/// Places where text may be cut, after Unicode: graphemes, line wrapping ("word"), sentences (the
/// end of a line is one too) and paragraphs (an empty line).
std::unique_ptr<Segmenter> make_segmenter();

}  // namespace rag::text
