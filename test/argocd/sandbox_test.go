// Package argocd runs the scripts in config/argocd as Argo CD does, in the sandbox that it gives to scripts of argocd-cm: only the libraries base,
// package and table, and of os the time alone.
package argocd

import (
	"encoding/json"
	"errors"
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// requested is the instant that os.date gives to scripts.
const requested = "2026-11-03T09:00:00Z"

// run runs a script on an object and returns what it returns.
func run(script string, object map[string]any) (any, error) {
	l := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer l.Close()
	for name, open := range map[string]lua.LGFunction{
		lua.LoadLibName: lua.OpenPackage, lua.BaseLibName: lua.OpenBase, lua.TabLibName: lua.OpenTable,
	} {
		if err := l.CallByParam(lua.P{Fn: l.NewFunction(open), Protect: true}, lua.LString(name)); err != nil {
			return nil, fmt.Errorf("open library %q: %w", name, err)
		}
	}
	l.PreloadModule(lua.OsLibName, func(l *lua.LState) int {
		l.Push(l.SetFuncs(l.NewTable(), map[string]lua.LGFunction{"date": date}))
		return 1
	})
	l.SetGlobal("obj", toLua(l, object))
	if err := l.DoString(script); err != nil {
		return nil, err
	}
	return fromLua(l.Get(-1))
}

// date is os.date in the one form that the scripts use.
func date(l *lua.LState) int {
	if format := l.CheckString(1); format != "!%Y-%m-%dT%H:%M:%SZ" {
		l.RaiseError("os.date(%q): want UTC, as in an RFC 3339 instant", format)
	}
	l.Push(lua.LString(requested))
	return 1
}

func toLua(l *lua.LState, value any) lua.LValue {
	switch x := value.(type) {
	case bool:
		return lua.LBool(x)
	case float64:
		return lua.LNumber(x)
	case int64:
		return lua.LNumber(x)
	case string:
		return lua.LString(x)
	case []any:
		table := l.CreateTable(len(x), 0)
		for _, item := range x {
			table.Append(toLua(l, item))
		}
		return table
	case map[string]any:
		table := l.CreateTable(0, len(x))
		for key, item := range x {
			table.RawSetString(key, toLua(l, item))
		}
		return table
	default:
		return lua.LNil
	}
}

// fromLua is what Argo CD makes of a value by way of JSON: an empty table is a list.
func fromLua(value lua.LValue) (any, error) {
	switch x := value.(type) {
	case lua.LBool:
		return bool(x), nil
	case lua.LNumber:
		return float64(x), nil
	case lua.LString:
		return string(x), nil
	case *lua.LNilType:
		return nil, nil
	case *lua.LTable:
		return fromTable(x)
	default:
		return nil, fmt.Errorf("a script returned a %s", value.Type())
	}
}

func fromTable(table *lua.LTable) (any, error) {
	first, _ := table.Next(lua.LNil)
	if _, named := first.(lua.LString); !named {
		list := make([]any, 0, table.Len())
		for i := range table.Len() {
			item, err := fromLua(table.RawGetInt(i + 1))
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		return list, nil
	}
	var failure error
	object := map[string]any{}
	table.ForEach(func(key, value lua.LValue) {
		item, err := fromLua(value)
		object[key.String()], failure = item, errors.Join(failure, err)
	})
	return object, failure
}

// health is what a health script returns.
type health struct {
	Status  string `json:"status"`
	Message string `json:"message"`
}

// healthOf runs a health script, and checks that what it returns is a health with a message.
func healthOf(script string, object map[string]any) (health, error) {
	returned, err := run(script, object)
	if err != nil {
		return health{}, err
	}
	text, err := json.Marshal(returned)
	if err != nil {
		return health{}, err
	}
	var h health
	if err := json.Unmarshal(text, &h); err != nil {
		return health{}, err
	}
	switch h.Status {
	case "Healthy", "Progressing", "Suspended", "Degraded":
	default:
		return h, fmt.Errorf("health %q is none that our scripts give", h.Status)
	}
	if h.Message == "" {
		return h, errors.New("the health has no message")
	}
	return h, nil
}
