export const fruits = ["Apples", "Figs", "Kiwis", "Limes", "Mangoes", "Plums"];
