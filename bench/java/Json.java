import java.util.LinkedHashMap;
import java.util.Map;
import net.minidev.json.JSONArray;

/**
 * Strict JSON into the types that Jayway JsonPath gives to templates: LinkedHashMap, JSONArray, String, Integer, Double.
 * Debian's json-smart 2.2 refuses documents of more than 400 objects and arrays, which ours have.
 */
final class Json {
  private final String text;
  private int at;

  private Json(String text) { this.text = text; }

  /** The value that a text of JSON stands for. */
  static Object read(String text) { return new Json(text).value(); }

  private Object value() {
    char c = next();
    switch (c) {
      case '{': return object();
      case '[': return array();
      case '"': return string();
      default:
        int from = at - 1;
        while (at < text.length() && ",]} \n\r\t".indexOf(text.charAt(at)) < 0) at++;
        return word(text.substring(from, at));
    }
  }

  private static Object word(String word) {
    switch (word) {
      case "true": return Boolean.TRUE;
      case "false": return Boolean.FALSE;
      case "null": return null;
      default:
        if (word.matches("-?\\d{1,9}")) return Integer.valueOf(word);
        return Double.valueOf(word);
    }
  }

  private Map<String, Object> object() {
    Map<String, Object> map = new LinkedHashMap<>();
    for (char c = next(); c != '}'; c = next()) {
      if (c == ',') c = next();
      String key = string();
      if (next() != ':') throw new IllegalArgumentException("no colon at " + at);
      map.put(key, value());
    }
    return map;
  }

  private JSONArray array() {
    JSONArray list = new JSONArray();
    for (char c = next(); c != ']'; c = next()) {
      if (c != ',') at--;
      list.add(value());
    }
    return list;
  }

  private String string() {
    StringBuilder out = new StringBuilder();
    for (char c = text.charAt(at++); c != '"'; c = text.charAt(at++)) {
      if (c != '\\') {
        out.append(c);
        continue;
      }
      c = text.charAt(at++);
      int plain = "bfnrt".indexOf(c);
      if (c == 'u') {
        out.append((char) Integer.parseInt(text.substring(at, at += 4), 16));
      } else {
        out.append(plain < 0 ? c : "\b\f\n\r\t".charAt(plain));
      }
    }
    return out.toString();
  }

  private char next() {
    while (Character.isWhitespace(text.charAt(at))) at++;
    return text.charAt(at++);
  }
}
