#include <algorithm>
#include <cstring>
#include <iterator>
#include <nlohmann/json.hpp>

#include "canonical.hpp"
#include "domain/limits.hpp"
#include "encoding/json.hpp"
#include "encoding/json_text.hpp"
#include "json_repair.hpp"

namespace rag::encoding {

namespace {

/// Tells how far the parser has read, which is how metadata is cut out of the text verbatim: after
/// a brace the parser has read nothing beyond it.
class TrackedText {
public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    TrackedText(const char* at, const char** seen) : at_(at), seen_(seen) {}
    reference operator*() const { return *at_; }
    TrackedText& operator++() {
        *seen_ = ++at_;
        return *this;
    }
    TrackedText operator++(int) {
        TrackedText before = *this;
        ++*this;
        return before;
    }
    bool operator==(const TrackedText& other) const { return at_ == other.at_; }
    bool operator!=(const TrackedText& other) const { return at_ != other.at_; }

private:
    const char* at_;
    const char** seen_;
};

/// Takes the parser's events (names and types are nlohmann's) and builds the tree.
class TreeBuilder {
    static constexpr const char* kNul =
        "must not hold NUL (U+0000): leave it out, or send on_invalid=replace";
    static constexpr const char* kLoneSurrogate =
        "must not hold half of a surrogate pair: send the whole character, or on_invalid=replace";

public:
    TreeBuilder(std::string_view text, const JsonLimits& limits, const char* const* seen)
        : text_(text), limits_(limits), seen_(seen) {}

    /// Places in the text where a character stands for another one, ascending.
    void tell_replaced(std::vector<std::size_t> places) { replaced_places_ = std::move(places); }
    std::vector<Replacement> take_replaced() { return std::move(replaced_); }

    bool null() { return scalar(Value(), "null"); }
    bool boolean(bool value) { return scalar(Value(value), value ? "true" : "false"); }
    bool number_integer(std::int64_t value) { return number(std::to_string(value)); }
    bool number_unsigned(std::uint64_t value) { return number(std::to_string(value)); }
    bool number_float(double, const std::string& spelled) { return number(spelled); }
    bool binary(nlohmann::json::binary_t&) { return false; }

    bool string(std::string& text) {
        step();
        note_replaced();
        if (text.find('\0') != std::string::npos) return refuse(kNul);
        if (!opaque_.is_open()) return add(Value(std::move(text)));
        std::string quoted;
        append_quoted(quoted, text);
        opaque_.scalar(std::move(quoted));
        return true;
    }

    bool key(std::string& name) {
        Place& place = places_.back();
        place.key = name;
        place.has_key = true;
        note_replaced();
        if (name.find('\0') != std::string::npos) return refuse(kNul);
        if (opaque_.is_open()) opaque_.key(std::move(name));
        return true;
    }

    bool start_object(std::size_t) { return start(true); }
    bool start_array(std::size_t) { return start(false); }
    bool end_object() { return end(); }
    bool end_array() { return end(); }

    bool parse_error(
        std::size_t position, const std::string&, const nlohmann::detail::exception& why
    ) {
        constexpr int kNumberOverflow = 406;
        if (why.id == kNumberOverflow) return refuse("a number must be finite");
        step();
        const std::string place = " at byte " + std::to_string(position);
        const std::string_view read = text_.substr(0, position);
        if (read.ends_with('\0')) return refuse(kNul);
        const std::size_t invalid = find_invalid_utf8(text_);
        if (invalid < position) {
            return refuse("not valid UTF-8 at byte " + std::to_string(invalid + 1));
        }
        if (std::strstr(why.what(), "surrogate") != nullptr) return refuse(kLoneSurrogate);
        const bool control = !read.empty() && static_cast<unsigned char>(read.back()) < 0x20;
        if (control && std::strstr(why.what(), "control character") != nullptr) {
            return refuse("a control character in a string must be escaped" + place);
        }
        return refuse("not valid JSON" + place);
    }

    Error take_error() { return std::move(error_); }
    Value take() { return std::move(root_); }

private:
    struct Place {
        bool object;
        bool has_key = false;
        std::string key;
        std::size_t items_seen = 0;
    };
    struct Node {
        Value::Array items;
        std::vector<Member> members;
    };

    /// A value begins: in an array, that is the next index.
    void step() {
        if (!places_.empty() && !places_.back().object) ++places_.back().items_seen;
    }

    bool number(std::string spelled) {
        step();
        if (!opaque_.is_open()) return add(Value(Number{std::move(spelled)}));
        opaque_.scalar(canonical_number(spelled));
        return true;
    }

    bool scalar(Value value, const char* text) {
        step();
        if (!opaque_.is_open()) return add(std::move(value));
        opaque_.scalar(text);
        return true;
    }

    bool start(bool object) {
        step();
        if (places_.size() == limits_.depth_max) {
            return refuse("nested deeper than " + std::to_string(limits_.depth_max));
        }
        const bool metadata =
            object && !places_.empty() && places_.back().object && places_.back().key == "metadata";
        if (opaque_.is_open() || metadata) {
            if (!opaque_.is_open()) opaque_begin_ = *seen_ - 1;
            opaque_.begin(object);
        } else {
            nodes_.emplace_back();
        }
        places_.push_back(Place{object, false, {}, 0});
        return true;
    }

    bool end() {
        if (opaque_.is_open()) {
            if (!opaque_.end()) return refuse_doubled(opaque_.doubled_key());
            places_.pop_back();
            if (opaque_.is_open()) return true;
            OpaqueObject object;
            object.raw.assign(opaque_begin_, *seen_);
            object.canonical = opaque_.take();
            return add(Value(std::move(object)));
        }
        Node node = std::move(nodes_.back());
        nodes_.pop_back();
        const bool object = places_.back().object;
        if (object && !keys_differ(node.members)) return false;
        places_.pop_back();
        if (!object) return add(Value(std::move(node.items)));
        return add(Value(Object{std::move(node.members)}));
    }

    bool keys_differ(const std::vector<Member>& members) {
        std::vector<std::string_view> names;
        names.reserve(members.size());
        for (const Member& member : members) names.push_back(member.name);
        std::sort(names.begin(), names.end());
        const auto twice = std::adjacent_find(names.begin(), names.end());
        return twice == names.end() || refuse_doubled(*twice);
    }

    bool add(Value value) {
        if (++values_ > limits_.values_max) {
            return refuse("more than " + std::to_string(limits_.values_max) + " values");
        }
        if (nodes_.empty()) {
            root_ = std::move(value);
        } else if (places_.back().object) {
            nodes_.back().members.push_back(Member{places_.back().key, std::move(value)});
        } else {
            nodes_.back().items.push_back(std::move(value));
        }
        return true;
    }

    bool refuse_doubled(std::string_view key) {
        places_.back().key = key;
        places_.back().has_key = true;
        return refuse("this key is there twice");
    }

    /// What was replaced in the string that the parser has just read.
    void note_replaced() {
        std::size_t count = 0;
        const auto read = static_cast<std::size_t>(*seen_ - text_.data());
        while (next_replaced_ < replaced_places_.size() && replaced_places_[next_replaced_] < read
        ) {
            ++next_replaced_;
            ++count;
        }
        if (count > 0) replaced_.push_back({here(), count});
    }

    std::string here() const {
        std::string pointer;
        for (const Place& place : places_) {
            if (place.object && place.has_key) pointer = child_pointer(pointer, place.key);
            if (!place.object && place.items_seen > 0) {
                pointer = child_pointer(pointer, place.items_seen - 1);
            }
        }
        return pointer;
    }

    bool refuse(std::string message) {
        error_ = Error{ErrorCode::invalid_argument, std::move(message), here()};
        return false;
    }

    std::string_view text_;
    const JsonLimits& limits_;
    const char* const* seen_;
    std::vector<std::size_t> replaced_places_;
    std::size_t next_replaced_ = 0;
    std::vector<Replacement> replaced_;
    std::vector<Place> places_;  // From the outermost value to the one being read.
    std::vector<Node> nodes_;    // Of the places outside of metadata.
    Canonicalizer opaque_;       // Open while metadata is read.
    const char* opaque_begin_ = nullptr;
    std::size_t values_ = 0;
    Value root_;
    Error error_;
};

std::string_view without_byte_order_mark(std::string_view text) {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
    return text;
}

Result<ReplacedJson> read_json(
    std::string_view text, std::vector<std::size_t> replaced_places, const JsonLimits& limits
) {
    if (text.empty()) return fail(ErrorCode::invalid_argument, "the body is empty");
    if (text.starts_with("\xEF\xBB\xBF")) {  // A second one, which the parser would skip.
        return fail(ErrorCode::invalid_argument, "not valid JSON at byte 1");
    }
    const char* seen = text.data();
    const TrackedText first(text.data(), &seen);
    const TrackedText last(text.data() + text.size(), &seen);
    TreeBuilder builder(text, limits, &seen);
    builder.tell_replaced(std::move(replaced_places));
    if (!nlohmann::json::sax_parse(first, last, &builder)) {
        return tl::unexpected(builder.take_error());
    }
    // The parser takes a NUL for the end of the text.
    if (std::memchr(text.data(), 0, text.size()) != nullptr) {
        return fail(ErrorCode::invalid_argument, "a NUL is not JSON");
    }
    return ReplacedJson{builder.take(), builder.take_replaced()};
}

}  // namespace

JsonLimits default_json_limits() {
    // A message as an export writes it, with what belongs to its model and its program, has some
    // forty values.
    constexpr std::size_t kValuesMax = 64 * limits::kMessagesMax;
    return JsonLimits{.depth_max = limits::kJsonDepthMax, .values_max = kValuesMax};
}

Result<Value> parse_json(std::string_view text, const JsonLimits& limits) {
    text = without_byte_order_mark(text);
    Result<ReplacedJson> read = read_json(text, {}, limits);
    if (!read) return tl::unexpected(std::move(read.error()));
    return std::move(read->value);
}

Result<ReplacedJson> parse_json_replacing(std::string_view text, const JsonLimits& limits) {
    RepairedText repaired = repair_strings(without_byte_order_mark(text));
    return read_json(repaired.text, std::move(repaired.places), limits);
}

std::string child_pointer(std::string_view parent, std::string_view name) {
    std::string pointer(parent);
    pointer += '/';
    for (const char c : name) {
        if (c == '~') {
            pointer += "~0";
        } else if (c == '/') {
            pointer += "~1";
        } else {
            pointer += c;
        }
    }
    return pointer;
}

std::string child_pointer(std::string_view parent, std::size_t index) {
    return child_pointer(parent, std::string_view(std::to_string(index)));
}

}  // namespace rag::encoding
