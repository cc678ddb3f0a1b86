import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.minidev.json.JSONArray;
import net.minidev.json.JSONStyle;
import net.minidev.json.JSONValue;
import net.minidev.json.parser.JSONParser;
import net.minidev.json.parser.ParseException;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;
import org.apache.velocity.exception.VelocityException;

/**
 * Answers questions about values, one per line: a word and its arguments, all separated by blanks.
 * How a value is written on a line: see read() and write() below, and their likes in oracle.py.
 */
public class ValuesOracle {

  static class QuietMap extends HashMap<Object, Object> {
    @Override public String toString() { return ""; }
  }

  private final String[] words;
  private int next = 0;

  ValuesOracle(String line) { words = line.split(" "); }

  static String unescape(String word) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < word.length(); i++) {
      if (word.charAt(i) == '\\') {
        text.append((char) Integer.parseInt(word.substring(i + 2, i + 6), 16));
        i += 5;
      } else text.append(word.charAt(i));
    }
    return text.toString();
  }

  static String escape(String text) {
    StringBuilder word = new StringBuilder();
    for (char c : text.toCharArray()) {
      if (c > ' ' && c < 127 && c != '\\') word.append(c); else word.append(String.format("\\u%04x", (int) c));
    }
    return word.toString();
  }

  String word() { return words[next++]; }

  Object read() {
    String word = word();
    String rest = word.substring(1);
    switch (word.charAt(0)) {
      case 'n': return null;
      case 't': return true;
      case 'f': return false;
      case 'I': return Integer.valueOf(rest);
      case 'L': return Long.valueOf(rest);
      case 'B': return new BigInteger(rest);
      case 'H': return Short.valueOf(rest);
      case 'Y': return Byte.valueOf(rest);
      case 'D': return Double.longBitsToDouble(Long.parseUnsignedLong(rest, 16));
      case 'F': return Float.intBitsToFloat(Integer.parseUnsignedInt(rest, 16));
      case 'M': return new BigDecimal(rest);
      case 'S': return unescape(rest);
      case 'C': return unescape(rest).charAt(0);
      case 'a': return list(new ArrayList<Object>());
      case 'j': return list(new JSONArray());
      case 'o': return list(new ArrayList<Object>()).toArray();
      case 's': return list(new ArrayList<Object>()).toArray(new String[0]);
      case 'u': { List<Object> l = list(new ArrayList<Object>()); return l.subList(0, l.size()); }
      case 'l': return map(new LinkedHashMap<Object, Object>());
      case 'h': return map(rest.isEmpty() ? new HashMap<Object, Object>() : new HashMap<Object, Object>(Integer.parseInt(rest)));
      case 'c': return new HashMap<Object, Object>(map(new LinkedHashMap<Object, Object>()));
      case 'p': { Map<Object, Object> m = map(new HashMap<Object, Object>()); m.putAll(map(new LinkedHashMap<Object, Object>())); return m; }
      case 'q': return map(new QuietMap());
      case 'K': return ((Map<?, ?>) read()).keySet();
      case 'V': return ((Map<?, ?>) read()).values();
      case 'E': return ((Map<?, ?>) read()).entrySet();
      case 'e': return ((Map<?, ?>) read()).entrySet().iterator().next();
      default: throw new IllegalArgumentException(word);
    }
  }

  List<Object> list(List<Object> list) {
    while (!words[next].equals("]")) list.add(read());
    next++;
    return list;
  }

  Map<Object, Object> map(Map<Object, Object> map) {
    while (!words[next].equals("]")) {
      if (words[next].equals("-")) { next++; map.remove(read()); continue; }
      Object key = read();
      map.put(key, read());
    }
    next++;
    return map;
  }

  static String write(Object value) {
    if (value == null) return "n";
    if (value instanceof Boolean) return (Boolean) value ? "t" : "f";
    if (value instanceof Integer) return "I" + value;
    if (value instanceof Long) return "L" + value;
    if (value instanceof BigInteger) return "B" + value;
    if (value instanceof Short) return "H" + value;
    if (value instanceof Byte) return "Y" + value;
    if (value instanceof Double) return "D" + Long.toHexString(Double.doubleToLongBits((Double) value));
    if (value instanceof Float) return "F" + Integer.toHexString(Float.floatToIntBits((Float) value));
    if (value instanceof BigDecimal) return "M" + value;
    if (value instanceof String) return "S" + escape((String) value);
    if (value instanceof Character) return "C" + escape(value.toString());
    StringBuilder out = new StringBuilder();
    if (value instanceof List) {
      out.append(value instanceof JSONArray ? "j" : "a");
      for (Object item : (List<?>) value) out.append(' ').append(write(item));
    } else if (value instanceof Map) {
      out.append(value instanceof LinkedHashMap ? "l" : "h");
      for (Map.Entry<?, ?> e : ((Map<?, ?>) value).entrySet())
        out.append(' ').append(write(e.getKey())).append(' ').append(write(e.getValue()));
    } else throw new IllegalArgumentException(value.getClass().getName());
    return out.append(" ]").toString();
  }

  static VelocityEngine engine;

  static Object velocity(String template, Object a, Object b) {
    if (engine == null) {
      engine = new VelocityEngine();
      engine.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
      engine.init();
    }
    VelocityContext context = new VelocityContext();
    context.put("a", a);
    context.put("b", b);
    StringWriter out = new StringWriter();
    engine.evaluate(context, out, "t", template);
    return context.get("r");
  }

  String answer() throws Exception {
    switch (word()) {
      case "parse": return write(new JSONParser(JSONParser.MODE_PERMISSIVE)
          .parse(unescape(word().substring(1)), JSONValue.defaultReader.DEFAULT_ORDERED));
      case "text": return "S" + escape(String.valueOf(read()));
      case "class": return "S" + escape(read().getClass().getName());
      case "hash": { Object value = read(); return "I" + (value == null ? 0 : value.hashCode()); }
      case "equals": { Object a = read(); Object b = read(); return a == null ? (b == null ? "t" : "f") : a.equals(b) ? "t" : "f"; }
      case "json": return "S" + escape(JSONValue.toJSONString(read(), JSONStyle.LT_COMPRESS));
      case "json-web": return "S" + escape(JSONValue.toJSONString(read()));
      default: return operator(words[0]);
    }
  }

  String operator(String name) {
    int index = Arrays.asList("equal", "less", "less_or_equal", "greater", "greater_or_equal",
        "add", "subtract", "multiply", "divide", "modulo").indexOf(name);
    String operator = new String[] {"==", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"}[index];
    Object a = read();
    return write(index < 5
        ? velocity("#set($r = false)#if($a " + operator + " $b)#set($r = true)#end", a, read())
        : velocity("#set($r = $a " + operator + " $b)", a, read()));
  }

  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    PrintStream out = new PrintStream(System.out, false, "US-ASCII");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String answer;
      try {
        answer = new ValuesOracle(line).answer();
      } catch (Throwable problem) {
        while (problem instanceof VelocityException && problem.getCause() != null) problem = problem.getCause();
        int position = problem instanceof ParseException ? ((ParseException) problem).getPosition() : -1;
        answer = "! " + problem.getClass().getName() + " " + position + " S"
            + (problem.getMessage() == null ? "-" : escape(problem.getMessage()));
      }
      out.println(answer);
      if (!in.ready()) out.flush();
    }
    out.flush();
  }
}
