#include "sent_fields.hpp"

#include <algorithm>

#include "encoding/canonical_json.hpp"
#include "encoding/json_text.hpp"
#include "wire/near_name.hpp"

namespace rag::wire {

using encoding::child_pointer;
using encoding::Member;
using encoding::Object;
using encoding::Value;

namespace {

bool is_same(const Value& one, const Value& other) { return one.to_json() == other.to_json(); }

/// Names that could be slips of ours are a few letters longer than them at most.
bool is_slip(std::string_view name, const FieldName& known) {
    return is_near_name(snake_case(name), known.name, known.own ? 2 : 1);
}

}  // namespace

tl::unexpected<Error> refused(std::string message, std::string pointer) {
    return fail(ErrorCode::invalid_argument, std::move(message), std::move(pointer));
}

Result<void> SentFields::read(const Value& value) {
    if (!value.is_object()) return refused("must be an object", pointer_);
    return take(*value.object(), false);
}

Result<void> SentFields::read_wrapped(const Value& value, std::string_view inner) {
    inner_name_ = inner;
    if (Result<void> done = take(*value.find(inner)->object(), true); !done) return done;
    return take(*value.object(), false);
}

Result<void> SentFields::take(const Object& object, bool inner) {
    for (const Member& member : object.members) {
        if (!inner && member.name == inner_name_) continue;
        const FieldName* known = known_name(member.name);
        if (known == nullptr) {
            take_further({&member, inner, false});
            continue;
        }
        if (member.value.is_null()) {
            nulls_.push_back(known->field);
            continue;
        }
        if (Result<void> done = take_known(*known, {&member, inner, known->own}); !done)
            return done;
    }
    return {};
}

Result<void> SentFields::take_known(const FieldName& known, Place place) {
    const auto [found, fresh] = found_.emplace(known.field, place);
    if (fresh) return {};
    const Place& first = found->second;
    if (first.inner != place.inner) {
        if (!is_same(first.member->value, place.member->value)) take_further(place);
        return {};
    }
    // The one that is not our own name is the one too many.
    const Place& alias = known.own ? first : place;
    const Place& other = known.own ? place : first;
    return refused("is another name of " + other.member->name + "; send one of them", at(alias));
}

void SentFields::take_further(Place place) {
    const auto same_name = [&place](const Place& other) {
        return other.member->name == place.member->name;
    };
    const auto twin = std::ranges::find_if(further_, same_name);
    if (twin == further_.end()) {
        further_.push_back(place);
        return;
    }
    const Member& inner = twin->inner ? *twin->member : *place.member;
    const Member& outer = twin->inner ? *place.member : *twin->member;
    if (!is_same(inner.value, outer.value)) beneath_.members.push_back(inner);
    *twin = {&outer, false, false};
}

const FieldName* SentFields::known_name(std::string_view name) const {
    const auto known = std::ranges::find(names_, snake_case(name), &FieldName::name);
    return known == names_.end() ? nullptr : &*known;
}

Result<void> SentFields::refuse_slips() const {
    for (const Place& place : further_) {
        for (const FieldName& known : names_) {
            if (find(known.field) != nullptr || !is_slip(place.member->name, known)) continue;
            return refused("did you mean " + std::string(known.name) + "?", at(place));
        }
    }
    return {};
}

Result<void> SentFields::refuse_slip_of(Sent field) const {
    for (const Place& place : further_) {
        for (const FieldName& known : names_) {
            if (known.field != field) continue;
            const std::string name = snake_case(place.member->name);
            if (!is_slip(name, known) && !is_plural_of(name, known.name)) continue;
            return refused("did you mean " + std::string(known.name) + "?", at(place));
        }
    }
    return {};
}

const Value* SentFields::find(Sent field) const {
    const auto place = found_.find(field);
    return place == found_.end() ? nullptr : &place->second.member->value;
}

bool SentFields::is_named(Sent field) const {
    return found_.contains(field) || std::ranges::find(nulls_, field) != nulls_.end();
}

const Value* SentFields::find_further(std::string_view name) const {
    for (const Place& place : further_) {
        if (snake_case(place.member->name) == name) return &place.member->value;
    }
    return nullptr;
}

std::string SentFields::at(const Place& place) const {
    const std::string within = place.inner ? child_pointer(pointer_, inner_name_) : pointer_;
    return child_pointer(within, place.member->name);
}

std::string SentFields::pointer_of(Sent field) const {
    const auto place = found_.find(field);
    if (place != found_.end()) return at(place->second);
    const auto own = std::ranges::find(names_, field, &FieldName::field);
    return child_pointer(pointer_, own->name);
}

std::string_view SentFields::name_of(Sent field) const {
    const auto place = found_.find(field);
    return place == found_.end() ? std::string_view() : place->second.member->name;
}

Result<std::optional<std::string>> SentFields::text(Sent field) const {
    const Value* value = find(field);
    if (value == nullptr) return std::nullopt;
    if (const std::string* text = value->string()) return *text;
    if (field == Sent::external_id && value->number() != nullptr) return value->number()->text;
    return refused("must be a string", pointer_of(field));
}

void SentFields::leave(Sent field) {
    const auto place = found_.find(field);
    if (place == found_.end()) return;
    take_further(place->second);
    found_.erase(place);
}

Result<Metadata> SentFields::metadata() const {
    const Value* sent = find(Sent::metadata);
    const encoding::OpaqueObject* object = sent == nullptr ? nullptr : sent->opaque();
    if (sent != nullptr && object == nullptr) {
        return refused("must be an object", pointer_of(Sent::metadata));
    }
    Metadata metadata;
    if (object != nullptr) metadata = Metadata{object->raw, object->canonical};
    if (further_.empty() && made_.empty()) return metadata;
    return joined(metadata);
}

Result<Metadata> SentFields::joined(const Metadata& sent) const {
    std::string raw = sent.raw.empty() ? "{}" : sent.raw;
    const Result<Value> own = encoding::parse_json(raw);
    if (!own) return tl::unexpected(own.error());
    raw.erase(raw.find_last_of('}'));
    bool first = own->object()->members.empty();
    const auto add = [&](const Member& member) {
        if (!first) raw += ',';
        first = false;
        encoding::append_quoted(raw, member.name);
        raw += ':' + member.value.to_json();
    };
    for (const Place& place : further_) {
        if (own->find(place.member->name) != nullptr) {
            return refused("stands in metadata too; send one of them", at(place));
        }
        add(*place.member);
    }
    for (const Member& member : made_) {
        if (own->find(member.name) != nullptr || find_further(member.name) != nullptr) {
            return refused(
                "is the name under which more is kept here; send it by another name",
                child_pointer(child_pointer(pointer_, "metadata"), member.name)
            );
        }
        add(member);
    }
    if (!beneath_.members.empty()) add(Member{inner_name_, Value(beneath_)});
    raw += '}';
    const Result<Value> whole = encoding::parse_json("{\"metadata\":" + raw + "}");
    if (!whole) return tl::unexpected(whole.error());
    const encoding::OpaqueObject& kept = *whole->find("metadata")->opaque();
    return Metadata{kept.raw, kept.canonical};
}

std::vector<std::string> SentFields::names_left() const {
    std::vector<std::string> names;
    for (const Place& place : further_) names.push_back(place.member->name);
    return names;
}

}  // namespace rag::wire
