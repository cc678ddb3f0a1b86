import com.jayway.jsonpath.spi.json.JsonSmartJsonProvider;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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

/**
 * Answers questions about values, one per line: a word and its arguments, all separated by blanks.
 * How a value is written on a line: see read() and write() below, and their likes in values_oracle.py.
 */
public class ValuesOracle {

  static class QuietMap extends HashMap<Object, Object> {
    @Override public String toString() { return ""; }
  }

  private final String[] words;
  private int next = 0;

  ValuesOracle(String line) { words = line.split(" "); }

  static String unhex(String hex) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < hex.length(); i += 4) text.append((char) Integer.parseInt(hex.substring(i, i + 4), 16));
    return text.toString();
  }

  static String hex(String text) {
    StringBuilder hex = new StringBuilder();
    for (char c : text.toCharArray()) hex.append(String.format("%04x", (int) c));
    return hex.toString();
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
      case 'S': return unhex(rest);
      case 'C': return unhex(rest).charAt(0);
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
    if (value instanceof String) return "S" + hex((String) value);
    if (value instanceof Character) return "C" + hex(value.toString());
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

  static Object velocity(String template, String result, Object a, Object b) {
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
    return result.equals("-") ? out.toString() : context.get(result);
  }

  String answer() throws Exception {
    switch (word()) {
      case "parse": return write(new JSONParser(JSONParser.MODE_PERMISSIVE)
          .parse(unhex(word().substring(1)), JSONValue.defaultReader.DEFAULT_ORDERED));
      case "provider": return write(new JsonSmartJsonProvider().parse(unhex(word().substring(1))));
      case "text": return "S" + hex(String.valueOf(read()));
      case "class": return "S" + hex(read().getClass().getName());
      case "hash": { Object value = read(); return "I" + (value == null ? 0 : value.hashCode()); }
      case "equals": { Object a = read(); Object b = read(); return a == null ? (b == null ? "t" : "f") : a.equals(b) ? "t" : "f"; }
      case "json": return "S" + hex(JSONValue.toJSONString(read(), JSONStyle.LT_COMPRESS));
      case "json-web": return "S" + hex(JSONValue.toJSONString(read()));
      case "velocity": {
        String template = unhex(word().substring(1));
        String result = word();
        Object a = read();
        return write(velocity(template, result, a, read()));
      }
      default: throw new IllegalArgumentException();
    }
  }

  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    PrintStream out = new PrintStream(System.out, false, "US-ASCII");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String answer;
      try {
        answer = new ValuesOracle(line).answer();
      } catch (Throwable problem) {
        while (problem.getCause() != null && !(problem instanceof ParseException)) problem = problem.getCause();
        int position = problem instanceof ParseException ? ((ParseException) problem).getPosition() : -1;
        answer = "! " + problem.getClass().getName() + " " + position + " S"
            + (problem.getMessage() == null ? "-" : hex(problem.getMessage()));
      }
      out.println(answer);
      if (!in.ready()) out.flush();
    }
    out.flush();
  }
}
