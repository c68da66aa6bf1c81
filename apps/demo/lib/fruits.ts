export const fruits = ["pineapples", "apples", "mangoes", "pears", "plums", "cherries"];

export const mostOfOne = 999;
