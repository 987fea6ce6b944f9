#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/conversation.hpp"
#include "encoding/json.hpp"
#include "field_names.hpp"

namespace rag::wire {

/// `invalid_argument` at that place.
tl::unexpected<Error> refused(std::string message, std::string pointer);

/// The members of one sent object, told apart by the names of a table. What a name means is found
/// by `find`; what no name means, or nobody takes, is left for the metadata. Refers to the value.
class SentFields {
public:
    SentFields(std::string pointer, std::span<const FieldName> names)
        : pointer_(std::move(pointer)), names_(names) {}

    /// Takes the members of an object. Refused: no object, two names of one field.
    Result<void> read(const encoding::Value& value);

    /// Alike, of an object in which another one stands under the name `inner`: members of both,
    /// where the same is said twice those of the inner one.
    Result<void> read_wrapped(const encoding::Value& value, std::string_view inner);

    /// A name that is nearly a known one, whose field is not there, is refused.
    Result<void> refuse_slips() const;
    /// Alike for a field that has to be there, and plurals too; nothing if no name is near it.
    Result<void> refuse_slip_of(Sent field) const;

    /// nullptr: not there, or null.
    const encoding::Value* find(Sent field) const;
    /// Whether it is there, if only as null.
    bool is_named(Sent field) const;
    /// A member that no name means, by its name in snake_case.
    const encoding::Value* find_further(std::string_view name) const;

    std::string pointer() const { return pointer_; }
    std::string pointer_of(Sent field) const;
    std::string_view name_of(Sent field) const;

    /// A string; of `external_id` a number too.
    Result<std::optional<std::string>> text(Sent field) const;

    /// Leaves a field to the metadata, under the name that it was sent by.
    void leave(Sent field);
    /// Adds a member to what is kept in the metadata.
    void keep(encoding::Member member) { made_.push_back(std::move(member)); }

    /// What was sent as metadata, and behind it all that is left, as it was spelled.
    /// Refused: a key that stands in the metadata too.
    Result<Metadata> metadata() const;
    /// Names of what was left that nobody has a meaning for.
    std::vector<std::string> names_left() const;

private:
    struct Place {
        const encoding::Member* member;
        bool inner;  // Of a wrapped object.
        bool own_name;
    };

    const FieldName* known_name(std::string_view name) const;
    Result<void> take(const encoding::Object& object, bool inner);
    Result<void> take_known(const FieldName& known, Place place);
    void take_further(Place place);
    std::string at(const Place& place) const;
    Result<Metadata> joined(const Metadata& sent) const;

    std::string pointer_;
    std::string inner_name_;
    std::span<const FieldName> names_;
    std::map<Sent, Place> found_;
    std::vector<Sent> nulls_;
    std::vector<Place> further_;
    encoding::Object
        beneath_;  // Further members of a wrapped object whose names stand outside too.
    std::vector<encoding::Member> made_;
};

}  // namespace rag::wire
