//! Spoils a document one field at a time.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use serde_json::{Value, json};

/// Every place in a document, objects and list elements included, inner ones first.
pub fn pointers(value: &Value) -> Vec<String> {
    let mut all = Vec::new();
    collect(value, "", &mut all);
    all
}

fn collect(value: &Value, prefix: &str, into: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, child)| (name.clone(), child)).collect(),
        Value::Array(elements) => elements.iter().enumerate().map(|(i, child)| (i.to_string(), child)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (name, child) in children {
        let pointer = format!("{prefix}/{name}");
        collect(child, &pointer, into);
        into.push(pointer);
    }
}

pub fn without(whole: &Value, pointer: &str) -> Value {
    let mut value = whole.clone();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match value.pointer_mut(parent).unwrap() {
        Value::Object(fields) => drop(fields.remove(name).unwrap()),
        Value::Array(elements) => drop(elements.remove(name.parse().unwrap())),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => panic!("{pointer} has no parent"),
    }
    value
}

pub fn with(whole: &Value, pointer: &str, new: Value) -> Value {
    let mut value = whole.clone();
    *value.pointer_mut(pointer).unwrap() = new;
    value
}

/// Null, and a value of every type that the field does not have.
pub fn wrong_values(whole: &Value, pointer: &str) -> Vec<Value> {
    let all = [json!(null), json!("UNHEARD_OF"), json!(7), json!(true), json!([]), json!([[{}]]), json!({})];
    let old = whole.pointer(pointer).unwrap();
    all.into_iter().filter(|new| std::mem::discriminant(new) != std::mem::discriminant(old)).collect()
}

/// Everything that can be done to a document: a field removed, of another type, or an unheard-of word; a text cut off.
pub fn all_spoilt(text: &str) -> Vec<String> {
    let whole: Value = serde_json::from_str(text).unwrap();
    let mut bodies = Vec::new();
    for pointer in pointers(&whole) {
        bodies.push(without(&whole, &pointer).to_string());
        bodies.extend(wrong_values(&whole, &pointer).into_iter().map(|wrong| with(&whole, &pointer, wrong).to_string()));
        bodies.push(with(&whole, &pointer, json!("UNHEARD_OF")).to_string());
    }
    bodies.extend((0..text.len()).step_by(37).map(|end| String::from_utf8_lossy(&text.as_bytes()[..end]).into_owned()));
    bodies
}
